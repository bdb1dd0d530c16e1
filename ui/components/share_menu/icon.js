// icon: a line drawing of 24 by 24 units in the colour of the text, for a button that has a name beside it.
import { shape } from "./dom.js";

/** @param {string} path */
export function icon(path) {
  const node = shape("svg", {
    viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": 2,
    "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true",
  });
  shape("path", { d: path }, node);
  return node;
}
