// The equations beside the drawing, in MathML. The term that is looked at, or that is being computed, is marked.
//
// They come with the message (ui/views/step/equations.py). An equation is a list of parts: a text is an operator,
// [base, subscript, place, phase] a symbol that leads to a place, [parts, place] several that are one place together.
import { closest, element } from "./dom.js";
import { PHASES } from "./step_layout.js";

/** @import { Message, Part, Symbol } from "./step_types.js" */

const MATHML = "http://www.w3.org/1998/Math/MathML";

/**
 * A node of MathML, put last in `parent`.
 *
 * @param {string} tag
 * @param {Element} parent
 * @param {string} [text]
 */
function make(tag, parent, text) {
  const node = document.createElementNS(MATHML, tag);
  if (text !== undefined) node.textContent = text;
  if (tag === "mi") node.setAttribute("mathvariant", "normal"); // upright, as in the drawing
  parent.append(node);
  return node;
}

export class Equations {
  /**
   * @param {HTMLElement} parent
   * @param {(place: string) => void} pick called for a symbol that is chosen
   */
  constructor(parent, pick) {
    /** @type {MathMLElement[]} */
    this.terms = []; // what leads to a place
    /** @type {string | undefined} */
    this.place = undefined; // the one that is marked
    /** @type {string | undefined} */
    this.key = undefined;
    this.root = element("section", "gs-equations", parent);
    this.root.dataset.testid = "step-equations";
    this.heading = element("h2", "", this.root);
    this.list = element("div", "", this.root);
    this.root.addEventListener("click", (event) => {
      const place = closest(event, "[data-place]")?.dataset.place;
      if (place) pick(place);
    });
  }

  /**
   * @param {Message} message
   * @param {boolean} backward
   */
  show({ network, graph, words }, backward) {
    const heading = backward ? words["step.ui.equations_back"] : words["step.ui.equations"];
    const key = `${network} ${backward} ${heading}`;
    if (this.key === key) return;
    this.heading.textContent = heading;
    this.key = key;
    this.list.replaceChildren();
    this.terms = [];
    for (const equation of backward ? graph.backward : graph.forward) {
      const math = make("math", this.list);
      this.parts(make("mrow", math), equation);
    }
    this.mark(this.place);
  }

  /**
   * @param {MathMLElement} row
   * @param {Part[]} parts
   */
  parts(row, parts) {
    for (const part of parts) {
      if (typeof part === "string") make(/[a-zσ1]/.test(part) ? "mi" : "mo", row, part);
      else if (part.length === 2 && Array.isArray(part[0])) this.group(row, part[0], part[1]);
      else this.symbol(row, /** @type {Symbol} */ (part));
    }
  }

  /**
   * Several symbols that are one place together.
   *
   * @param {MathMLElement} row
   * @param {Part[]} parts
   * @param {string} place
   */
  group(row, parts, place) {
    const inner = make("mrow", row);
    this.term(inner, place);
    this.parts(inner, parts);
  }

  /**
   * @param {MathMLElement} row
   * @param {Symbol} symbol
   */
  symbol(row, [base, below, place, phase]) {
    const inner = make("mrow", row);
    const node = below ? make("msub", inner) : inner;
    make("mi", node, base);
    if (below) make("mi", node, below);
    if (place) this.term(inner, place, phase);
  }

  /**
   * @param {MathMLElement} node
   * @param {string} place
   * @param {number} [phase]
   */
  term(node, place, phase) {
    node.classList.add("gs-symbol-of");
    node.dataset.place = place;
    if (phase !== undefined) node.dataset.phase = PHASES[phase];
    this.terms.push(node);
  }

  /** @param {string | undefined} place */
  mark(place) {
    this.place = place;
    for (const node of this.terms) node.classList.toggle("gs-active", node.dataset.place === place);
  }

  /** @param {number | undefined} index */
  phase(index) {
    if (index === undefined) delete this.root.dataset.phase;
    else this.root.dataset.phase = PHASES[index];
  }
}
