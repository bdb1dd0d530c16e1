// text: several lines that are typed. What is there stays while the reader is in it.
import { Control } from "./control.js";
import { conversation } from "./conversation.js";
import { element, write } from "./dom.js";

/** @import { Labelled } from "./control.js" */
/** @typedef {Labelled & {value: string, placeholder?: string, meaning?: string}} TextItem */

export class Text extends Control {
  /** @param {TextItem} item */
  constructor(item) {
    super(item, "gs-control gs-text");
    const id = `gs-${item.name}`;
    this.heading(id);
    this.input = element("textarea", "", this.node);
    Object.assign(this.input, { id, rows: 3, spellcheck: false });
    this.meaning = element("div", "gs-meaning", this.node);
    this.input.addEventListener("input", () => conversation.change(this.name, this.input.value, false));
    this.input.addEventListener("change", () => conversation.change(this.name, this.input.value, true));
  }

  /** @param {TextItem} item */
  update(item) {
    this.describe(item);
    this.input.placeholder = item.placeholder ?? "";
    const typed = document.activeElement === this.input || conversation.isLocal(this.name);
    if (!typed && this.input.value !== item.value) this.input.value = item.value;
    write(this.meaning, item.meaning ?? "");
  }
}
