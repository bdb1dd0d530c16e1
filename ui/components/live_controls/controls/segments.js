// segments: one of a few, all of them in sight.
import { Control } from "./control.js";
import { conversation } from "./conversation.js";
import { element } from "./dom.js";

/** @import { Labelled } from "./control.js" */
/** @typedef {Labelled & {value: string, options: [value: string, label: string][], vertical?: boolean}} SegmentsItem */

export class Segments extends Control {
  /** @type {string | undefined} */
  offered;

  /** @param {SegmentsItem} item */
  constructor(item) {
    super(item, "gs-control gs-segments");
    this.heading();
    this.label.id = `gs-${item.name}-label`;
    this.group = element("div", "gs-options", this.node);
    this.group.setAttribute("role", "radiogroup");
    this.group.setAttribute("aria-labelledby", this.label.id);
  }

  /** @param {SegmentsItem} item */
  update(item) {
    this.describe(item);
    this.group.classList.toggle("gs-vertical", Boolean(item.vertical));
    this.offer(item.options);
    for (const input of this.group.querySelectorAll("input")) input.checked = input.value === item.value;
  }

  /** @param {SegmentsItem["options"]} options */
  offer(options) {
    const offered = JSON.stringify(options);
    if (this.offered === offered) return;
    this.offered = offered;
    this.group.replaceChildren();
    for (const [value, label] of options) {
      const option = element("label", "gs-option", this.group);
      const input = element("input", "", option);
      Object.assign(input, { type: "radio", name: `gs-${this.name}`, value });
      input.addEventListener("change", () => conversation.change(this.name, value, true));
      element("span", "", option, label);
    }
  }
}
