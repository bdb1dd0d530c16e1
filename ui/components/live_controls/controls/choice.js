// choice: one of several in a list. With `action` it does something, otherwise it sets its field.
import { Control, reached } from "./control.js";
import { conversation } from "./conversation.js";
import { element, write } from "./dom.js";

/** @import { Labelled } from "./control.js" */
/** @typedef {Labelled & {value: string, options: [value: string, label: string][], action?: boolean, meaning?: string}} ChoiceItem */

export class Choice extends Control {
  /** @type {string | undefined} */
  offered;

  /** @param {ChoiceItem} item */
  constructor(item) {
    super(item, "gs-control gs-choice");
    this.item = item;
    const id = `gs-${item.name}`;
    this.heading(id);
    this.select = element("select", "", this.node);
    this.select.id = id;
    this.select.addEventListener("change", () => this.changed());
    this.meaning = element("div", "gs-meaning", this.node);
  }

  changed() {
    const { name } = this;
    const { value } = this.select;
    if (this.item.action) conversation.act({ name, value });
    else conversation.change(name, value, true);
  }

  /** @param {ChoiceItem} item */
  update(item) {
    this.item = item;
    this.describe(item);
    if (item.action) reached(this.select, item.name);
    const offered = JSON.stringify(item.options);
    if (this.offered !== offered) {
      this.offered = offered;
      this.select.replaceChildren(...item.options.map(([value, label]) => new Option(label, value)));
    }
    if (document.activeElement !== this.select || this.select.value !== item.value) this.select.value = item.value;
    write(this.meaning, item.meaning ?? "");
  }
}
