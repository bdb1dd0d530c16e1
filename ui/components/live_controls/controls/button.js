// button: does `action`, or what its name says, with its value.
import { Control, reached } from "./control.js";
import { conversation } from "./conversation.js";
import { element, write } from "./dom.js";

/** @import { Labelled } from "./control.js" */
/** @typedef {Labelled & {action?: string, disabled?: boolean}} ButtonItem */

export class Button extends Control {
  /** @param {ButtonItem} item */
  constructor(item) {
    super(item, "gs-control gs-button");
    this.item = item;
    this.button = element("button", "", this.node);
    this.button.addEventListener("click", () => {
      conversation.act({ name: this.item.action ?? this.name, value: this.item.value ?? true });
    });
  }

  /** @param {ButtonItem} item */
  update(item) {
    this.item = item;
    write(this.button, item.label);
    reached(this.button, item.action ?? this.name);
    this.button.disabled = Boolean(item.disabled);
    this.button.title = item.help ?? "";
  }
}
