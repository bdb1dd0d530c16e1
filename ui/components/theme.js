// Light or dark: the colours behind the names that begin with "@".
import colours from "./colours.js";

/** @import { Scale, Theme } from "./types.js" */

/** In what light an element stands: its theme, kept until it changes. */
export class Light {
  /**
   * Streamlit hands its colours to a component by a class of the node around it, and changes that class.
   *
   * @param {Element} element
   * @param {() => void} changed is called when the theme has changed
   */
  constructor(element, changed) {
    this.theme = themeOf(element);
    this.watch = new MutationObserver(() => {
      const theme = themeOf(element);
      if (theme === this.theme) return;
      this.theme = theme;
      changed();
    });
    if (element.parentElement) this.watch.observe(element.parentElement, { attributes: true, attributeFilter: ["class"] });
  }

  destroy() {
    this.watch.disconnect();
  }
}

/**
 * "dark" or "light", by the background that Streamlit gives the element.
 *
 * @param {Element} element
 * @returns {Theme}
 */
function themeOf(element) {
  const ground = getComputedStyle(element).getPropertyValue("--st-background-color").trim() || "#ffffff";
  const [r, g, b] = rgb(ground);
  return 0.299 * r + 0.587 * g + 0.114 * b < 128 ? "dark" : "light";
}

/**
 * Red, green and blue (0..255) of "#rgb", "#rrggbb" or "rgb(...)".
 *
 * @param {string} colour
 */
export function rgb(colour) {
  const hex = colour.match(/^#([0-9a-f]{3}|[0-9a-f]{6})$/i);
  if (!hex) return (colour.match(/[\d.]+/g) || [255, 255, 255]).slice(0, 3).map(Number);
  const digits = hex[1].length === 3 ? [...hex[1]].map((d) => d + d).join("") : hex[1];
  return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
}

/**
 * `value` with every "@name" replaced by the theme's colour; arrays of numbers are passed through.
 *
 * @template Value
 * @param {Value} value
 * @param {Theme} theme
 * @returns {Value}
 */
export function resolve(value, theme) {
  return /** @type {Value} */ (resolved(value, theme));
}

/**
 * @param {unknown} value
 * @param {Theme} theme
 * @returns {unknown}
 */
function resolved(value, theme) {
  if (typeof value === "string") {
    if (value.startsWith("@")) return named(value, theme);
    return value.replace(/color:(@\w+)/g, (_, name) => `color:${named(name, theme)}`);
  }
  if (ArrayBuffer.isView(value) || value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    return value.length && ArrayBuffer.isView(value[0]) ? value : value.map((item) => resolved(item, theme));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, theme)]));
}

/**
 * @param {string} name
 * @param {Theme} theme
 */
function named(name, theme) {
  return colours[theme][name.slice(1)] ?? name; // a text that only looks like a name stays as it is
}

/**
 * 256 colours of a scale ([[0, "#..."], ..., [1, "#..."]]) as one Uint32Array for image data.
 *
 * @param {Scale} scale
 */
export function lookup(scale) {
  const table = new Uint8ClampedArray(256 * 4);
  const places = scale.map(([at]) => at);
  const anchors = scale.map(([, colour]) => rgb(colour));
  for (let i = 0, k = 0; i < 256; i++) {
    const x = i / 255;
    while (k < anchors.length - 2 && x >= places[k + 1]) k++;
    const [x0, x1] = [places[k], places[k + 1]];
    const [c0, c1] = [anchors[k], anchors[k + 1]];
    const share = x1 > x0 ? (x - x0) / (x1 - x0) : 1;
    for (let j = 0; j < 3; j++) table[4 * i + j] = Math.round(c0[j] + share * (c1[j] - c0[j]));
    table[4 * i + 3] = 255;
  }
  return new Uint32Array(table.buffer);
}
