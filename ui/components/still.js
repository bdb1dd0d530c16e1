// What stands still in a message is sent once: here it comes together again with what moves.
import { unpack } from "./wire.js";

/** @import { Figure, Items, Item, Sent } from "./types.js" */

/**
 * A figure as it was sent; where it came without what stands still, that of the one in `kept` with the same signature.
 * Nothing where that is not here any more.
 *
 * @param {Sent} sent
 * @param {(Figure | null | undefined)[]} kept
 * @returns {Figure | undefined}
 */
export function figure({ signature, still, squares }, kept) {
  const found = still ? /** @type {Figure} */ (unpack(still)) : kept.find((one) => one?.signature === signature);
  if (!found) return undefined;
  const z = squares.values();
  const data = found.data.map((trace) => (trace.z ? { ...trace, z: z.next().value ?? [] } : trace));
  return { signature, data, layout: found.layout };
}

/** The controls that stand on the page: what of them stands still. */
export class Stills {
  /** @type {number | undefined} */
  signature;
  /** @type {Item[]} */
  items = [];

  /**
   * The items of an answer; nothing where they came without what stands still, and that is not here any more.
   *
   * @param {Items} sent
   * @returns {Item[] | undefined}
   */
  whole({ signature, still, moving }) {
    if (still) Object.assign(this, { signature, ...(/** @type {{items: Item[]}} */ (unpack(still))) });
    return signature === this.signature ? together(this.items, moving) : undefined;
  }
}

/**
 * @param {Item[]} items
 * @param {Items["moving"]} moving
 * @returns {Item[]}
 */
function together(items, moving) {
  return items.map((item) => ({ ...item, ...moving[item.name], ...(item.items && { items: together(item.items, moving) }) }));
}
