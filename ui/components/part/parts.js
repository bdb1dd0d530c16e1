// The parts that are on the page.

/** @import { Part } from "./types.js" */

/**
 * Every part by its name.
 *
 * @type {Map<string, Part>}
 */
export const parts = new Map();

/** What the server need not send again of them, and for which place it draws each. */
export function held() {
  return Object.fromEntries([...parts].flatMap(([name, { has }]) => (has ? [[name, has]] : [])));
}
