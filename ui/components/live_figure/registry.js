// What the parts of a page know of each other.

/**
 * The pictures of the page by name. Two functions are put in by the page's controls: `change(field, value, settled)`
 * sets a value, `isLocal(field)` tells whether the server has yet to hear of it. `wake()` has the whole page run,
 * `act({name, value})` reports an action. `keep(field, value, short)` notes a value that the server need not hear of
 * at once: it goes to the address, under its short name, and along with the next report. `refresh()` has controls and
 * pictures drawn anew where the server has something new.
 */
export const figures = new Map();

/** The drawings of the page by name: cells that are opened up. */
export const drawings = new Map();

/** The cards of the page by name: equations, tables and code that follow the controls. */
export const cards = new Map();
