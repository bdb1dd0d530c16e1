// facts_card: equations, pairs, a table and code, as texts. A section is made anew only where it differs.
import { element } from "./dom.js";

export default class FactsCard {
  constructor(parent) {
    this.root = element("div", "gs-facts", parent);
    this.root.dataset.testid = "facts-card";
  }

  destroy() {
    this.root.remove();
  }

  show({ name, body: { sections }, value }) {
    this.value = value;
    this.root.dataset.name = name;
    const { root } = this;
    while (root.childElementCount > sections.length) root.lastElementChild.remove();
    sections.forEach((section, index) => {
      const node = root.children[index] ?? element("section", "", root);
      const said = JSON.stringify(section);
      if (node.gatescope === said) return;
      node.gatescope = said;
      node.className = `gs-${section.kind}`;
      node.replaceChildren();
      element("h2", "", node, section.title);
      KINDS[section.kind](node, section);
      if (section.note) element("p", "gs-fine", node, section.note);
    });
  }
}

const KINDS = {
  lines(parent, { lines }) {
    const list = element("ul", "", parent);
    for (const line of lines) equation(element("li", "", list), line);
  },

  pairs(parent, { pairs }) {
    const list = element("dl", "", parent);
    for (const [name, text] of pairs) {
      element("dt", "", list, name);
      element("dd", "", list, text);
    }
  },

  arrays(parent, { head, rows }) {
    const table = element("table", "", parent);
    const top = element("tr", "", element("thead", "", table));
    for (const text of head) element("th", "", top, text).scope = "col";
    const body = element("tbody", "", table);
    for (const [name, ...others] of rows) {
      const row = element("tr", "", body);
      element("th", "", row, name).scope = "row";
      for (const text of others) element("td", "", row, text);
    }
  },

  code(parent, { code, title }) {
    const box = element("pre", "", parent);
    box.tabIndex = 0; // so that the arrow keys can scroll it where it is wider than the screen
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", title);
    element("code", "", box, code);
  },
};

/** "W_z x + b_z" with its subscripts set as such. */
function equation(parent, text) {
  for (const [index, part] of text.split(/_([A-Za-z0-9]+)/).entries()) {
    if (index % 2) element("sub", "", parent, part);
    else parent.append(part);
  }
}
