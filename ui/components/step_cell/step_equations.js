// The equations beside the drawing, in MathML. The term that is looked at, or that is being computed, is marked.
import { element } from "./dom.js";
import { PHASES } from "./step_layout.js";

const MATHML = "http://www.w3.org/1998/Math/MathML";

function make(tag, parent, text) {
  const node = document.createElementNS(MATHML, tag);
  if (text !== undefined) node.textContent = text;
  if (tag === "mi") node.setAttribute("mathvariant", "normal"); // upright, as in the drawing
  parent?.append(node);
  return node;
}

// An equation is a list of parts: a text is an operator, [base, subscript, place, phase] a symbol that leads to a place.
const before = "t−1";
const affine = (k, recurrent = [["h", before, "h_before", 0]], u = "hU") => [
  [[["x", "t", "x", 0], ["W", k, `xW_${k}`, 0]], `xW_${k}`],
  "+",
  [[...recurrent, ["U", k, `${u}_${k}`, 0]], `${u}_${k}`],
  "+",
  ["b", k, `b_${k}`, 0],
];
const gate = (k, name = k, ...inner) => [[name, "t", k, 1], "=", k === "g" || k === "n" || k === "h" ? "tanh" : "σ", "(", ...affine(k, ...inner), ")"];

const FORWARD = {
  lstm: [
    gate("f"),
    gate("i"),
    gate("g"),
    gate("o"),
    [["c", "t", "c", 4], "=", [[["f", "t", "f", 2], "⊙", ["c", before, "c_before", 2]], "kept"], "+", [[["i", "t", "i", 3], "⊙", ["g", "t", "g", 3]], "written"]],
    [["h", "t", "h", 5], "=", ["o", "t", "o", 5], "⊙", "tanh", "(", ["c", "t", "squashed", 5], ")"],
  ],
  gru: [
    gate("z"),
    gate("r"),
    gate("n", "n", ["(", [[["r", "t", "r", 0], "⊙", ["h", before, "h_before", 0]], "past"], ")"], "pU"),
    [["h", "t", "h", 4], "=", [["(", "1", "−", ["z", "t", "z", 2], ")", "⊙", ["h", before, "h_before", 2]], "kept"], "+", [[["z", "t", "z", 3], "⊙", ["n", "t", "n", 3]], "written"]],
  ],
  rnn: [gate("h")],
};
const d = (base, below, place) => ["∂", [base, below, place]];
const BACKWARD = {
  lstm: [
    [...d("o", "t", "o"), "=", ...d("h", "t", "h"), "⊙", "tanh", "(", ["c", "t", "squashed"], ")"],
    [...d("c", "t", "c"), "=", ...d("h", "t", "h"), "⊙", ["o", "t", "o"], "⊙", "(", "1", "−", ["tanh²", "", "squashed"], ["c", "t", "squashed"], ")", "+", ...d("c", "t←t+1", "c_next")],
    [...d("c", before, "c_before"), "=", ...d("c", "t", "kept"), "⊙", ["f", "t", "f"]],
    [...d("f", "t", "f"), "=", ...d("c", "t", "kept"), "⊙", ["c", before, "c_before"]],
    [...d("i", "t", "i"), "=", ...d("c", "t", "written"), "⊙", ["g", "t", "g"], " , ", ...d("g", "t", "g"), "=", ...d("c", "t", "written"), "⊙", ["i", "t", "i"]],
    [...d("h", before, "h_before"), "=", ["Σ", "k", ""], ...d("a", "k", "a_f"), ["Uᵀ", "k", "hU_f"]],
  ],
  gru: [
    [...d("n", "t", "n"), "=", ...d("h", "t", "written"), "⊙", ["z", "t", "z"]],
    [...d("z", "t", "z"), "=", ...d("h", "t", "h"), "⊙", "(", ["n", "t", "n"], "−", ["h", before, "h_before"], ")"],
    [...d("r", "t", "r"), "=", ...d("a", "n", "a_n"), ["Uᵀ", "n", "pU_n"], "⊙", ["h", before, "h_before"]],
    [...d("h", before, "h_before"), "=", ...d("h", "t", "kept"), "⊙", "(", "1", "−", ["z", "t", "z"], ")", "+", ...d("a", "n", "a_n"), ["Uᵀ", "n", "past"], "⊙", ["r", "t", "r"], "+", ["Σ", "r, z", ""], ...d("a", "k", "a_z"), ["Uᵀ", "k", "hU_z"]],
  ],
  rnn: [
    [...d("a", "t", "a_h"), "=", ...d("h", "t", "h"), "⊙", "(", "1", "−", ["h²", "t", "h"], ")"],
    [...d("h", before, "h_before"), "=", ...d("a", "t", "a_h"), ["Uᵀ", "", "hU_h"]],
  ],
};

export class Equations {
  constructor(parent, pick) {
    this.root = element("section", "gs-equations", parent);
    this.root.dataset.testid = "step-equations";
    this.heading = element("h2", "", this.root);
    this.list = element("div", "", this.root);
    this.root.addEventListener("click", (event) => {
      const place = event.target.closest?.("[data-place]")?.dataset.place;
      if (place) pick(place);
    });
  }

  show(network, backward, words) {
    const heading = backward ? words["step.ui.equations_back"] : words["step.ui.equations"];
    const key = `${network} ${backward} ${heading}`;
    if (this.key === key) return;
    this.heading.textContent = heading;
    this.key = key;
    this.list.replaceChildren();
    this.terms = [];
    for (const equation of (backward ? BACKWARD : FORWARD)[network]) {
      const math = make("math", this.list);
      this.parts(make("mrow", math), equation);
    }
    this.mark(this.place);
  }

  parts(row, parts) {
    for (const part of parts) {
      if (typeof part === "string") make(/[a-zσ1]/.test(part) ? "mi" : "mo", row, part);
      else if (Array.isArray(part[0])) this.group(row, part);
      else this.symbol(row, part);
    }
  }

  /** Several symbols that are one place together: [parts, place]. */
  group(row, [parts, place]) {
    const inner = make("mrow", row);
    this.term(inner, place);
    this.parts(inner, parts);
  }

  symbol(row, [base, below, place, phase]) {
    const inner = make("mrow", row);
    const node = below ? make("msub", inner) : inner;
    make("mi", node, base);
    if (below) make("mi", node, below);
    if (place) this.term(inner, place, phase);
  }

  term(node, place, phase) {
    node.classList.add("gs-symbol-of");
    node.dataset.place = place;
    if (phase !== undefined) node.dataset.phase = PHASES[phase];
    this.terms.push(node);
  }

  mark(place) {
    this.place = place;
    for (const node of this.terms ?? []) node.classList.toggle("gs-active", node.dataset.place === place);
  }

  phase(index) {
    if (index === undefined) delete this.root.dataset.phase;
    else this.root.dataset.phase = PHASES[index];
  }
}
