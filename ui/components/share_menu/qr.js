// A QR code from its rows of "0" and "1": black on white in every theme, with the light border that it needs.
import { shape } from "./dom.js";

export const QUIET = 4;

/**
 * The dark squares as the path of an SVG or a Path2D, one unit a square, the border included.
 *
 * @param {string[]} rows
 */
export function path(rows) {
  return rows
    .flatMap((row, y) => [...row.matchAll(/1+/g)].map((run) => `M${run.index + QUIET} ${y + QUIET}h${run[0].length}v1h-${run[0].length}z`))
    .join("");
}

/**
 * An SVG element of the code, named `label`.
 *
 * @param {string[]} rows
 * @param {string} label
 */
export function svg(rows, label) {
  const size = rows.length + 2 * QUIET;
  const image = shape("svg", { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label, "shape-rendering": "crispEdges" });
  shape("rect", { width: size, height: size, fill: "#ffffff" }, image);
  shape("path", { d: path(rows), fill: "#000000" }, image);
  return image;
}

/**
 * Draw the code on a canvas, at most `side` pixels wide, its squares whole pixels; the width that it took.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string[]} rows
 * @param {number} right
 * @param {number} bottom
 * @param {number} side
 */
export function paint(context, rows, right, bottom, side) {
  const size = rows.length + 2 * QUIET;
  const square = Math.max(1, Math.floor(side / size));
  const width = square * size;
  context.save();
  context.translate(right - width, bottom - width);
  context.scale(square, square);
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, size, size);
  context.fillStyle = "#000000";
  context.fill(new Path2D(path(rows)));
  context.restore();
  return width;
}
