// slider: a number on a track. It reports while it is dragged.
import { Control } from "./control.js";
import { conversation } from "./conversation.js";
import { element, write } from "./dom.js";
import { fixed } from "./numbers.js";

/** @import { Labelled } from "./control.js" */
/**
 * With `stops`, the values between which it moves, and `labels` of them; `shift`: what is printed counts from there.
 *
 * @typedef {Labelled & {
 *   value: number, min: number, max: number, step: number, stops?: number[], labels?: string[], shift?: number,
 *   meaning?: string, main?: boolean,
 * }} SliderItem
 */

export class Slider extends Control {
  /** @type {string | undefined} */
  spoken;
  /** @type {number | undefined} */
  share; // of the track that is filled

  /** @param {SliderItem} item */
  constructor(item) {
    super(item, "gs-control gs-slider");
    this.item = item;
    this.node.dataset.testid = "live-slider";
    const id = `gs-${item.name}`;
    this.heading(id);
    this.value = element("output", "gs-value", this.head);
    this.value.htmlFor.value = id;
    this.input = element("input", "", this.node);
    this.input.type = "range";
    this.input.id = id;
    this.meaning = element("div", "gs-meaning", this.node);
    this.meaning.id = `${id}-meaning`;
    this.input.setAttribute("aria-describedby", this.meaning.id);
    this.input.addEventListener("input", () => this.changed(false));
    this.input.addEventListener("change", () => this.changed(true));
    this.input.addEventListener("pointerdown", () => (this.held = true));
    for (const type of ["pointerup", "pointercancel", "blur"]) {
      this.input.addEventListener(type, () => (this.held = false));
    }
  }

  /** @param {boolean} settled */
  changed(settled) {
    const value = this.chosen();
    this.print(value);
    conversation.change(this.name, value, settled);
  }

  /** The value under the thumb. With `stops` the track has a place for each of them, evenly spaced. */
  chosen() {
    const place = Number(this.input.value);
    return this.item.stops ? this.item.stops[place] : place;
  }

  /**
   * Where the thumb stands for a value: at the last stop that is not above it.
   *
   * @param {number} value
   */
  place(value) {
    const { stops } = this.item;
    return stops ? Math.max(0, stops.findLastIndex((stop) => stop <= value)) : value;
  }

  /** @param {SliderItem} item */
  update(item) {
    const value = this.held ? this.chosen() : item.value; // what the reader has moved elsewhere is in it already
    this.item = item;
    this.describe(item);
    const { input } = this;
    const { min, max, step } = item.stops ? { min: 0, max: item.stops.length - 1, step: 1 } : item;
    for (const [name, text] of Object.entries({ min: String(min), max: String(max), step: String(step) })) {
      if (input.getAttribute(name) !== text) input.setAttribute(name, text);
    }
    if (Number(input.value) !== this.place(value)) input.value = String(this.place(value));
    this.print(this.chosen());
    write(this.meaning, item.meaning ?? "");
    const spoken = item.meaning ? `${this.value.textContent}, ${item.meaning}` : (this.value.textContent ?? "");
    if (this.spoken !== spoken) input.setAttribute("aria-valuetext", (this.spoken = spoken));
    this.node.classList.toggle("gs-main", Boolean(item.main));
  }

  /** @param {number} value */
  print(value) {
    const { step, shift = 0, labels } = this.item;
    const digits = (String(step).split(".")[1] ?? "").length;
    write(this.value, labels ? labels[this.place(value)] : fixed(value + shift, digits));
    const [place, min, max] = [this.input.value, this.input.min, this.input.max].map(Number);
    const share = max > min ? (place - min) / (max - min) : 0;
    if (this.share !== share) this.input.style.setProperty("--gs-share", String((this.share = share)));
  }
}
