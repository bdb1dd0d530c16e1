// toggle: on or off.
import { Control } from "./control.js";
import { conversation } from "./conversation.js";
import { element } from "./dom.js";

/** @import { Labelled } from "./control.js" */
/** @typedef {Labelled & {value: boolean}} ToggleItem */

export class Toggle extends Control {
  /** @param {ToggleItem} item */
  constructor(item) {
    super(item, "gs-control gs-toggle");
    const id = `gs-${item.name}`;
    this.heading(id);
    this.input = element("input");
    this.head.prepend(this.input);
    Object.assign(this.input, { type: "checkbox", id });
    this.input.setAttribute("role", "switch");
    this.input.addEventListener("change", () => conversation.change(this.name, this.input.checked, true));
  }

  /** @param {ToggleItem} item */
  update(item) {
    this.describe(item);
    this.input.checked = Boolean(item.value);
  }
}
