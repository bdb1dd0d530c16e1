// The parts that are on the page.

/** @import { Part } from "./types.js" */

/**
 * Every part by its name.
 *
 * @type {Map<string, Part>}
 */
export const parts = new Map();
