// group and bar: controls that belong together, under a heading that opens and closes, or in a row.
import { Control } from "./control.js";
import { element, write } from "./dom.js";

/** @import { Item } from "./types.js" */
/** @import { Labelled } from "./control.js" */
/** @import { Panel } from "./panel.js" */
/** @typedef {Item & {items: Item[]}} BarItem */
/** @typedef {Labelled & BarItem & {badge?: string, open?: boolean}} GroupItem */

export class Group extends Control {
  /**
   * @param {GroupItem} item
   * @param {Panel} panel
   */
  constructor(item, panel) {
    super(item, "gs-group", "details");
    this.panel = panel;
    this.node.toggleAttribute("open", Boolean(item.open));
    const summary = element("summary", "", this.node);
    this.text = element("span", "", summary);
    this.badge = element("span", "gs-badge", summary);
    this.body = element("div", "gs-body", this.node);
  }

  /** @param {GroupItem} item */
  update(item) {
    write(this.text, item.label);
    write(this.badge, item.badge ?? "");
    this.badge.hidden = !item.badge;
    this.panel.arrange(this.body, item.items);
  }
}

export class Bar extends Control {
  /**
   * @param {BarItem} item
   * @param {Panel} panel
   */
  constructor(item, panel) {
    super(item, "gs-bar");
    this.panel = panel;
  }

  /** @param {BarItem} item */
  update(item) {
    this.panel.arrange(this.node, item.items);
  }
}
