// The picture of one cell: built once for a network and a width, then only numbers and a few attributes change.
import { attribute, closest, shape } from "./dom.js";
import { chosen, computed } from "./numbers.js";
import { PHASES } from "./step_layout.js";
import * as wide from "./step_layout.js";
import * as compact from "./step_layout_compact.js";
import * as laid from "./step_layout_graph.js";
import { isWeight, parameter, split, tint } from "./step_reading.js";

/** @import { Reading } from "./step_reading.js" */
/** @import { EdgeOf, HeadOf, NodeOf, Options, PlaceRef, PlotOf, Point, Ref, Scene, SignOf, Squash, Symbols } from "./step_types.js" */

/**
 * A box that is drawn: its nodes, and what they show.
 *
 * @typedef {NodeOf & {
 *   base: string, group: SVGGElement, name: SVGTextElement | null, text: SVGTextElement, value: Text, left: number,
 *   strip?: Strip, shown: string, long?: boolean, number?: number, isHeld?: boolean, spoken?: string,
 * }} Drawn
 */
/**
 * The bars of all units below a box.
 *
 * @typedef {{top: number, height: number, bars: SVGPathElement, mark: SVGRectElement, column?: number, wide?: number}} Strip
 */

const BARS = 10; // pixels of the strip below a box
const WIDEST = 13; // pixels of the line with the largest gradient
const SPAN = { sigmoid: 6, tanh: 3 }; // how far a curve is drawn to both sides of 0

/**
 * Put "h" with a subscript into an SVG text.
 *
 * @param {SVGTextElement} text
 * @param {Symbols} parts
 */
function subscripted(text, parts) {
  text.replaceChildren();
  for (const [base, below] of parts) {
    shape("tspan", {}, text).textContent = base;
    if (!below) continue;
    shape("tspan", { dy: 3, class: "gs-sub" }, text).textContent = below;
    shape("tspan", { dy: -3 }, text).textContent = "\u200b";
  }
}

/**
 * A path through points with round corners.
 *
 * @param {Point[]} points
 */
function route(points, radius = 7) {
  const [first, ...rest] = points;
  let path = `M${first[0]} ${first[1]}`;
  rest.forEach(([x, y], k) => {
    const next = rest[k + 1];
    if (!next) {
      path += `L${x} ${y}`;
      return;
    }
    const [px, py] = k ? rest[k - 1] : first;
    /** @type {Point[]} */
    const [into, out] = [
      [px - x, py - y],
      [next[0] - x, next[1] - y],
    ];
    const r = Math.min(radius, Math.hypot(...into) / 2, Math.hypot(...out) / 2);
    const near = (/** @type {Point} */ [dx, dy]) => `${x + (dx / Math.hypot(dx, dy)) * r} ${y + (dy / Math.hypot(dx, dy)) * r}`;
    path += `L${near(into)}Q${x} ${y} ${near(out)}`;
  });
  return path;
}

/**
 * A small triangle with its tip at `tip`, coming from `from`.
 *
 * @param {Point} tip
 * @param {Point} from
 * @param {number} size
 */
function arrowhead(tip, from, size) {
  const angle = Math.atan2(tip[1] - from[1], tip[0] - from[0]);
  const corner = (/** @type {number} */ turn) => [tip[0] - size * Math.cos(angle + turn), tip[1] - size * Math.sin(angle + turn)];
  return `M${tip}L${corner(0.5)}L${corner(-0.5)}Z`;
}

export class Drawing {
  /** @type {Reading} */
  reading;
  /** @type {Options} */
  options;
  /** @type {Scene} */
  scene;
  /** @type {{unit: number, reading: Reading, size: number} | undefined} */
  most; // the largest gradient of a unit

  /**
   * @param {HTMLElement} parent
   * @param {(ref: Ref, unit?: number) => void} pick called for a box that is chosen, with the unit where a bar was
   */
  constructor(parent, pick) {
    this.pick = pick;
    this.step = 0;
    this.unit = 0;
    this.channel = 0; // of the input, whose box shows one of them
    /** @type {Drawn[]} */
    this.nodes = [];
    /** @type {Map<string, Drawn>} */
    this.byPlace = new Map();
    /** @type {ReturnType<Drawing["edge"]>[]} */
    this.edges = [];
    /** @type {ReturnType<Drawing["plot"]>[]} */
    this.plots = [];
    /** @type {ReturnType<Drawing["mix"]> | undefined} */
    this.mixer = undefined;
    /** @type {string | undefined} */
    this.built = undefined; // what it is built for
    /** @type {string | undefined} */
    this.selected = undefined;
    /** @type {number | undefined} */
    this.now = undefined; // the part of a step that is played
    this.svg = shape("svg", { class: "gs-cell-svg", role: "group" }, parent);
    this.svg.addEventListener("click", (event) => this.click(event));
    this.svg.addEventListener("keydown", (event) => this.key(event));
    this.svg.addEventListener("focusin", () => this.label());
  }

  /**
   * Build what does not move.
   *
   * @param {Reading} reading
   * @param {Options} options
   */
  build(reading, options) {
    this.reading = reading;
    const key = [reading.network, reading.units, reading.language, JSON.stringify(options)].join(" ");
    if (this.built === key) return;
    this.built = key;
    this.options = options;
    const scene = options.compact
      ? (compact.SCENES[reading.network] ?? laid.compact)(reading)
      : (wide.SCENES[reading.network] ?? laid.wide)(reading);
    this.scene = scene;
    const focused = this.nodes.find(({ group }) => group.contains(document.activeElement))?.place;
    this.svg.replaceChildren();
    this.svg.setAttribute("viewBox", `0 0 ${scene.width} ${scene.height}`);
    this.svg.setAttribute("aria-label", reading.message.words["step.ui.drawing"]);
    this.svg.style.aspectRatio = `${scene.width} / ${scene.height}`;
    this.svg.classList.toggle("gs-compact-cell", Boolean(scene.compact));
    this.hatch();
    for (const { x, y, w, h } of scene.blocks) shape("rect", { class: "gs-block", x, y, width: w, height: h, rx: 10 }, this.svg);
    this.edges = scene.edges.map((item) => this.edge(item));
    for (const head of scene.heads) if (!options.gradient || !(head.quiet || head.text === "b")) this.head(head);
    this.mixer = scene.mixer && this.mix(scene.mixer);
    this.plots = scene.plots.map((item) => this.plot(item));
    for (const item of scene.signs) this.sign(item);
    const shown = scene.nodes.filter(({ place }) => !options.gradient || !reading.constant(place));
    this.nodes = shown.map((item) => this.node(item));
    this.byPlace = new Map(this.nodes.map((one) => [one.place, one]));
    if (focused) this.byPlace.get(focused)?.group.focus();
  }

  /** The pattern over what is clamped. */
  hatch() {
    const defs = shape("defs", {}, this.svg);
    const pattern = shape("pattern", { id: "gs-held", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, defs);
    shape("rect", { width: 2, height: 6, class: "gs-hatch" }, pattern);
  }

  /** @param {EdgeOf} edge */
  edge({ place, colour, phase, points, main, plain: bare, dashed }) {
    const classes = ["gs-edge", `gs-p${phase}`, main && "gs-main-line", dashed && "gs-dashed"].filter(Boolean);
    const group = tint(shape("g", { class: classes.join(" "), "data-edge": place }, this.svg), colour);
    const d = route(points);
    const line = shape("path", { class: "gs-line", d }, group);
    shape("path", { class: "gs-flow", d, pathLength: 100 }, group);
    const size = (this.scene.compact ? 7 : 9) + (main ? 3 : 0);
    if (!bare) {
      const [tip, from] = [...points].reverse();
      shape("path", { class: "gs-ahead", d: arrowhead(tip, from, size) }, group);
      shape("path", { class: "gs-astern", d: arrowhead(points[0], points[1], size) }, group);
    }
    return { place, line, width: "" };
  }

  /** @param {HeadOf} head */
  head({ text, key, x, y, title, column, quiet }) {
    const words = this.reading.message.words;
    const classes = title ? "gs-title" : column ? "gs-column" : quiet ? "gs-plus" : "";
    const shown = key === "affine" ? (words[`step.ui.affine_${this.reading.network}`] ?? words["step.ui.affine"]) : key === "next" ? words["step.ui.next"] : text;
    shape("text", { class: classes, x, y }, this.svg).textContent = shown ?? "";
  }

  /** @param {SignOf} sign */
  sign({ text, x, y, phase, colour }) {
    const r = this.scene.compact ? 11 : 12;
    const group = tint(shape("g", { class: `gs-sign gs-p${phase}`, "aria-hidden": true }, this.svg), colour);
    shape("circle", { cx: x, cy: y, r }, group);
    const half = r * 0.42;
    const lines = text === "+" ? [[-half, 0, half, 0], [0, -half, 0, half]] : [[-half, -half, half, half], [-half, half, half, -half]];
    for (const [x1, y1, x2, y2] of lines) shape("line", { x1: x + x1, y1: y + y1, x2: x + x2, y2: y + y2 }, group);
  }

  /**
   * The curve of a squash, and a dot that moves on it.
   *
   * @param {PlotOf} plot
   */
  plot({ gate = "", place = gate, of = `a_${gate}`, x, y, w, h, phase }) {
    const kind = this.reading.place(place)?.[1] === "tanh" ? "tanh" : "sigmoid";
    const low = kind === "tanh" ? -1 : 0;
    const at = (/** @type {number} */ a) => [
      x + (Math.max(-1, Math.min(1, a / SPAN[kind])) * (w - 10)) / 2,
      y + h / 2 - 5 - ((curve(kind, a) - low) / (1 - low)) * (h - 10),
    ];
    const group = tint(shape("g", { class: `gs-plot gs-p${phase}`, "aria-hidden": true }, this.svg), this.reading.vectorOf(place));
    shape("rect", { x: x - w / 2, y: y - h / 2, width: w, height: h, rx: 6 }, group);
    const zero = at(0)[1];
    shape("line", { x1: x - w / 2 + 3, x2: x + w / 2 - 3, y1: kind === "tanh" ? zero : y + h / 2 - 5, y2: kind === "tanh" ? zero : y + h / 2 - 5 }, group);
    const steps = Array.from({ length: 33 }, (_, k) => at(((k - 16) / 16) * SPAN[kind]));
    shape("path", { d: `M${steps.join("L")}` }, group);
    if (!this.scene.compact) shape("text", { x: x - w / 2 + 5, y: y - h / 2 + 12 }, group).textContent = kind === "tanh" ? "tanh" : "σ";
    return { place, of, at, dot: shape("circle", { class: "gs-dot", r: this.scene.compact ? 3.5 : 4 }, group) };
  }

  /**
   * A GRU's weighted average: the shares of the old and the new on one bar.
   *
   * @param {NonNullable<Scene["mixer"]>} mixer
   */
  mix({ x, y, w, h, phase }) {
    const group = shape("g", { class: `gs-mixer gs-p${phase}`, "data-testid": "step-mixer" }, this.svg);
    const old = tint(shape("rect", { x, y, height: h, class: "gs-old" }, group), "h");
    const fresh = tint(shape("rect", { y, height: h, class: "gs-fresh" }, group), "n");
    shape("rect", { x, y, width: w, height: h, rx: 4, class: "gs-frame" }, group);
    const text = (/** @type {number} */ at, /** @type {string} */ anchor) =>
      shape("text", { x: at, y: y + h / 2 + 4, class: `gs-${anchor}` }, group).appendChild(document.createTextNode(""));
    return { x, w, old, fresh, group, texts: [text(x + 5, "start"), text(x + w - 5, "end")] };
  }

  /**
   * A box: its name or symbol, its number, a strip for all units, and the hatching of what is held.
   *
   * @param {NodeOf} item
   */
  node(item) {
    const { place, kind, x, y, w, h, phase } = item;
    const [base] = split(place);
    const group = shape("g", {
      class: `gs-node gs-${kind} gs-p${phase}`,
      tabindex: 0,
      role: "button",
      "data-place": place,
    }, this.svg);
    tint(group, this.reading.vectorOf(place));
    const [left, top] = [x - w / 2, y - h / 2];
    shape("rect", { class: "gs-box", x: left, y: top, width: w, height: h, rx: 7 }, group);
    shape("rect", { class: "gs-held", x: left, y: top, width: w, height: h, rx: 7 }, group);
    const small = kind === "line" ? { x: left + 5, y: y + 4, class: "gs-name gs-start" } : { x, y: y - (h > 38 ? 6 : 5), class: "gs-name" };
    const name = kind === "cell" ? null : shape("text", small, group);
    const spot = kind === "cell" ? { x, y: y + 5 } : kind === "line" ? { x: left + w - 5, y: y + 4, end: true } : { x, y: y + (h > 38 ? 13 : 11) };
    const text = shape("text", { x: spot.x, y: spot.y, class: `gs-number ${spot.end ? "gs-end" : ""}` }, group);
    const value = text.appendChild(document.createTextNode(""));
    /** @type {Drawn} */
    const made = { ...item, base, group, name, text, value, left, shown: "" };
    if (this.options.bars && !this.reading.constant(place) && base !== "x") {
      const below = { y: top + h + 1, height: this.scene.compact ? 6 : BARS };
      shape("rect", { class: "gs-strip", x: left, width: w, ...below }, group);
      const bars = shape("path", { class: "gs-bars" }, group);
      const mark = shape("rect", { class: "gs-mark", ...below }, group);
      made.strip = { top: below.y, height: below.height, bars, mark };
    }
    if (name) this.caption(made, name);
    return made;
  }

  /**
   * What stands above or before a number.
   *
   * @param {Drawn} node
   * @param {SVGTextElement} name
   */
  caption({ place, kind, base, w }, name) {
    const { network, message } = this.reading;
    if (kind === "gate" && !this.options.gradient) {
      name.textContent = message.words[`step.ui.short.${network}.${place}`] ?? this.reading.name(place);
      return;
    }
    const parts = message.graph.captions[place];
    const full = kind === "line" && w > 150 && (base === "x" || base === "h_before");
    if (full) subscripted(name, [[`${message.words[`step.ui.short.${base}`]} `], ...parts]);
    else subscripted(name, this.options.gradient && kind !== "line" ? [["∂L/∂"], ...parts] : parts);
  }

  /**
   * All numbers of a step for a unit.
   *
   * @param {number} step
   * @param {number} unit
   */
  draw(step, unit) {
    const { reading, options } = this;
    this.step = step;
    this.unit = unit;
    for (const node of this.nodes) {
      const ref = this.reference(node);
      const known = isWeight(ref) || reading.has(ref);
      const value = known ? reading.number(ref) : NaN;
      const text = !known ? "·" : isWeight(ref) ? chosen(value) : reading.text(ref.place, value, ref.gradient);
      if (node.shown !== text) {
        node.value.data = node.shown = text;
        const long = text.length > (node.kind === "line" ? 7 : 8);
        if (node.long !== long) node.text.classList.toggle("gs-long", (node.long = long));
      }
      if (node.number !== value) node.group.dataset.value = String((node.number = value));
      const held = Boolean(reading.message.held[node.place]) && reading.held({ place: node.place, step, unit });
      if (node.isHeld !== held) node.group.classList.toggle("gs-is-held", (node.isHeld = held));
      if (node.strip && !isWeight(ref)) this.bars(node, node.strip, ref);
    }
    for (const plot of this.plots) {
      const [cx, cy] = plot.at(reading.value({ place: plot.of, step, unit }));
      attribute(plot.dot, { cx, cy });
    }
    if (this.mixer) this.blend(this.mixer, reading.value({ place: "z", step, unit }));
    if (options.gradient) this.weigh(step, unit);
  }

  /**
   * What a box stands for at the present step and unit; x shows the channel beside the unit's own.
   *
   * @param {Drawn} node
   * @returns {Ref}
   */
  reference({ place, base }) {
    const { step, unit } = this;
    const constant = this.reading.constant(place);
    if (constant) return parameter(constant.join("."), unit);
    const at = base === "x" ? Math.min(this.channel, this.reading.message.inputs - 1) : unit;
    return { place, step, unit: at, gradient: this.options.gradient };
  }

  /**
   * @param {NonNullable<Drawing["mixer"]>} mixer
   * @param {number} z
   */
  blend({ x, w, old, fresh, group, texts }, z) {
    const kept = Math.max(0, Math.min(1, 1 - z)) * w;
    attribute(old, { width: kept });
    attribute(fresh, { x: x + kept, width: w - kept });
    texts[0].data = `1 − z = ${computed(1 - z)}`;
    texts[1].data = `z = ${computed(z)}`;
    group.dataset.value = String(z);
  }

  /**
   * @param {Drawn} node
   * @param {Strip} strip
   * @param {PlaceRef} ref
   */
  bars(node, strip, ref) {
    const vector = this.reading.vector(ref);
    const { top, height } = strip;
    const [low, high] = (!this.options.gradient && this.reading.message.ranges[node.place]) || [0, 0];
    let size = Math.max(Math.abs(low), Math.abs(high));
    if (!size) for (const one of vector) size = Math.max(size, Math.abs(one));
    const signed = low < 0 || (!low && !high);
    const base = signed ? top + height / 2 : top + height;
    const full = signed ? height / 2 : height;
    const wide = node.w / vector.length;
    const thick = wide > 4 ? wide - 1 : wide;
    let path = "";
    for (let k = 0; k < vector.length; k++) {
      const share = size ? Math.max(-1, Math.min(1, vector[k] / size)) : 0;
      path += `M${(node.left + k * wide).toFixed(1)} ${base}h${thick.toFixed(1)}v${(-share * full).toFixed(1)}h${(-thick).toFixed(1)}z`;
    }
    strip.bars.setAttribute("d", path);
    const column = vector.length < this.reading.units ? this.unit - this.reading.first : this.unit;
    if (strip.column !== column || strip.wide !== wide) {
      attribute(strip.mark, { x: node.left + column * wide - 0.5, width: Math.max(thick, 2) + 1 });
      [strip.column, strip.wide] = [column, wide];
    }
  }

  /**
   * Lines as thick as what flows back along them, against the largest gradient of this unit at any step.
   *
   * @param {number} step
   * @param {number} unit
   */
  weigh(step, unit) {
    const largest = this.largest(unit);
    for (const edge of this.edges) {
      const ahead = edge.place.endsWith("_next");
      const place = ahead ? edge.place.replace("_next", "_before") : edge.place;
      const at = ahead ? step + 1 : step;
      const ref = { place, step: at, unit, gradient: true };
      const value = at >= this.reading.steps ? 0 : Math.abs(this.reading.has(ref) ? this.reading.value(place === "x" ? { ...ref, unit: 0 } : ref) : 0);
      const width = (1 + (WIDEST - 1) * Math.min(1, largest ? value / largest : 0)).toFixed(1);
      if (edge.width !== width) edge.line.style.strokeWidth = edge.width = width;
    }
  }

  /** @param {number} unit */
  largest(unit) {
    if (this.most?.unit === unit && this.most.reading === this.reading) return this.most.size;
    let size = 0;
    for (const place of this.reading.states) {
      const rows = this.reading.sent(place, true);
      for (const row of rows) size = Math.max(size, Math.abs(row[this.reading.column(rows, unit)]));
    }
    this.most = { unit, reading: this.reading, size };
    return size;
  }

  /** For a screen reader, beside what stands in the box: its name. Once things are still, for it costs more than all the rest. */
  label() {
    for (const node of this.nodes) {
      const text = `${this.options.gradient ? "∂L/∂ " : ""}${this.reading.name(node.place)}`;
      if (node.spoken !== text) node.group.setAttribute("aria-description", (node.spoken = text));
    }
  }

  /**
   * Mark the box whose origin is shown.
   *
   * @param {string} place
   */
  select(place) {
    if (this.selected === place && this.byPlace.get(place)?.group.classList.contains("gs-chosen")) return;
    this.byPlace.get(this.selected ?? "")?.group.classList.remove("gs-chosen");
    this.selected = place;
    this.byPlace.get(place)?.group.classList.add("gs-chosen");
  }

  /** @param {number | undefined} index */
  phase(index) {
    if (this.now === index) return;
    this.now = index;
    if (index === undefined) delete this.svg.dataset.phase;
    else this.svg.dataset.phase = PHASES[index];
  }

  /** @param {MouseEvent} event */
  click(event) {
    const node = this.at(event);
    if (node) this.pick(this.reference(node), this.barAt(node, event));
  }

  /**
   * The unit whose bar is where the pointer is, if one is.
   *
   * @param {Drawn} node
   * @param {MouseEvent} event
   */
  barAt(node, event) {
    const ref = this.reference(node);
    if (!node.strip || isWeight(ref) || this.reading.units < 2) return undefined;
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM()?.inverse());
    if (point.y < node.strip.top - 1) return undefined;
    const share = (point.x - node.left) / node.w;
    const shown = this.reading.vector(ref).length;
    const first = shown < this.reading.units ? this.reading.first : 0;
    return first + Math.max(0, Math.min(shown - 1, Math.floor(share * shown)));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key !== "Enter" && event.key !== " ") return;
    const node = this.at(event);
    if (!node) return;
    event.preventDefault();
    this.pick(this.reference(node));
  }

  /** @param {Event} event */
  at(event) {
    return this.byPlace.get(closest(event, ".gs-node")?.dataset.place ?? "");
  }
}

/**
 * @param {Squash} kind
 * @param {number} a
 */
function curve(kind, a) {
  return kind === "tanh" ? Math.tanh(a) : 1 / (1 + Math.exp(-a));
}
