// slot: a place among the controls for another component (see training_job), which is told of it.
import { Control } from "./control.js";

/** @import { Item } from "./types.js" */

export class Slot extends Control {
  /** @param {Item} item */
  constructor(item) {
    super(item, "gs-slot");
    queueMicrotask(() => document.dispatchEvent(new Event("gs-slot")));
  }

  update() {}
}
