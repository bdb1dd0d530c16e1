// facts_card: equations, pairs, a table and code, as texts. A section is made anew only where it differs.
import { element } from "./dom.js";

/** @import { Shown } from "./types.js" */
/**
 * A section; see card.py.
 *
 * @typedef {{kind: "lines", title: string, lines: string[], note: string}} Lines
 * @typedef {{kind: "pairs", title: string, pairs: [string, string][]}} Pairs
 * @typedef {{kind: "arrays", title: string, head: string[], rows: string[][]}} Arrays
 * @typedef {{kind: "code", title: string, code: string, note: string}} Code
 * @typedef {Lines | Pairs | Arrays | Code} Section
 */

export default class FactsCard {
  /** @type {string | undefined} */
  value; // the settings that are shown

  /** @param {HTMLElement} parent */
  constructor(parent) {
    /** @type {WeakMap<Element, string>} */
    this.said = new WeakMap(); // what a section was made of
    this.root = element("div", "gs-facts", parent);
    this.root.dataset.testid = "facts-card";
  }

  destroy() {
    this.root.remove();
  }

  /** @param {Shown<{sections: Section[]}>} message */
  show({ name, body: { sections }, value }) {
    this.value = value;
    this.root.dataset.name = name;
    const { root } = this;
    while (root.childElementCount > sections.length) root.lastElementChild?.remove();
    sections.forEach((section, index) => {
      const node = root.children[index] ?? element("section", "", root);
      const said = JSON.stringify(section);
      if (this.said.get(node) === said) return;
      this.said.set(node, said);
      node.className = `gs-${section.kind}`;
      node.replaceChildren();
      element("h2", "", node, section.title);
      fill(node, section);
      if ("note" in section && section.note) element("p", "gs-fine", node, section.note);
    });
  }
}

/**
 * What stands in a section, below its title.
 *
 * @param {Element} node
 * @param {Section} section
 */
function fill(node, section) {
  switch (section.kind) {
    case "lines":
      lines(node, section);
      break;
    case "pairs":
      pairs(node, section);
      break;
    case "arrays":
      arrays(node, section);
      break;
    case "code":
      code(node, section);
  }
}

/**
 * @param {Element} parent
 * @param {Lines} section
 */
function lines(parent, { lines }) {
  const list = element("ul", "", parent);
  for (const line of lines) equation(element("li", "", list), line);
}

/**
 * @param {Element} parent
 * @param {Pairs} section
 */
function pairs(parent, { pairs }) {
  const list = element("dl", "", parent);
  for (const [name, text] of pairs) {
    element("dt", "", list, name);
    element("dd", "", list, text);
  }
}

/**
 * @param {Element} parent
 * @param {Arrays} section
 */
function arrays(parent, { head, rows }) {
  const table = element("table", "", parent);
  const top = element("tr", "", element("thead", "", table));
  for (const text of head) element("th", "", top, text).scope = "col";
  const body = element("tbody", "", table);
  for (const [name, ...others] of rows) {
    const row = element("tr", "", body);
    element("th", "", row, name).scope = "row";
    for (const text of others) element("td", "", row, text);
  }
}

/**
 * @param {Element} parent
 * @param {Code} section
 */
function code(parent, { code, title }) {
  const box = element("pre", "", parent);
  box.tabIndex = 0; // so that the arrow keys can scroll it where it is wider than the screen
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", title);
  element("code", "", box, code);
}

/**
 * "W_z x + b_z" with its subscripts set as such.
 *
 * @param {Element} parent
 * @param {string} text
 */
function equation(parent, text) {
  for (const [index, part] of text.split(/_([A-Za-z0-9]+)/).entries()) {
    if (index % 2) element("sub", "", parent, part);
    else parent.append(part);
  }
}
