// live_figure: one Plotly graph that is updated in place and never rebuilt, with its words beside it.
//
// Plotly draws axes, names, lines and colour bars. The squares of its heatmaps we paint ourselves, on a canvas that
// lies beneath Plotly's own (clear) ground: that takes a tenth of the time. So where a message differs from the drawn
// one in nothing but squares (the same signature), Plotly is not asked at all.
import { conversation } from "./conversation.js";
import { element, write } from "./dom.js";
import { lecture } from "./lecture.js";
import { hovered, whole } from "./numbers.js";
import { Light, lookup, resolve } from "./theme.js";
import plotlyUrl from "./plotly_url.js";

const NARROW = 520; // pixels; below it the compact picture is shown, if there is one
const LECTURE = { width: 640, share: 0.72, least: 1.2, narrow: 1.08, most: 2.2 }; // see LiveFigure.enlarged

/** Plotly's script, loaded once a page; the page may be loading it already. */
const plotly = (() => {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  const source = new URL(plotlyUrl, import.meta.url).href;
  return new Promise((done, failed) => {
    let script = [...document.scripts].find(({ src }) => src === source);
    if (!script) {
      script = document.createElement("script");
      script.src = source;
      document.head.append(script);
    }
    script.addEventListener("load", () => done(window.Plotly));
    script.addEventListener("error", () => failed(new Error("Plotly's script could not be loaded")));
  });
})();

export default class LiveFigure {
  constructor(parent) {
    this.parent = parent;
    this.root = element("div", "gs-figure", parent);
    this.root.dataset.testid = "live-figure";
    this.root.dataset.drawn = "0";
    this.sentence = element("p", "gs-sentence", this.root);
    this.frame = element("div", "gs-frame", this.root);
    this.stage = element("div", "gs-stage", this.frame);
    this.canvas = element("canvas", "gs-squares", this.stage);
    this.graph = element("div", "gs-graph", this.stage);
    this.cursor = new Cursor(this);
    this.hover = new Hover(this);
    this.picker = new Picker(this);
    this.rows = element("ul", "gs-rows", this.root);
    this.note = element("p", "gs-remark", this.root);
    this.notices = element("div", "gs-notices", this.root);
    this.spoken = element("p", "gs-spoken", this.root);
    this.spoken.setAttribute("aria-live", "polite");
    this.resizer = new ResizeObserver(() => this.resize());
    this.resizer.observe(this.frame);
    this.light = new Light(parent, () => this.message && this.show(this.message));
    this.measure();
    this.root.gatescope = this;
  }

  destroy() {
    this.resizer.disconnect();
    this.light.destroy();
    this.hover.destroy();
    this.cursor.destroy();
    if (this.plotted) window.Plotly.purge(this.graph);
    this.root.remove();
  }

  show(message) {
    this.message = message;
    this.choose();
    this.root.dataset.name = message.name;
    this.graph.setAttribute("role", "img");
    this.graph.setAttribute("aria-label", message.words.sentence || message.name);
    this.say(message.words, message.settled);
    this.cursor.configure(message.cursor);
    this.render();
  }

  /** The squares, which need not wait for Plotly, and the rest as soon as it is there. */
  render() {
    if (window.Plotly) {
      this.draw();
      return;
    }
    paint(this, this.axes());
    this.cursor.place();
    this.waiting ??= plotly.then(
      () => this.draw(),
      (error) => this.say({ ...this.message.words, notices: [String(error.message)] }, true),
    );
  }

  get theme() {
    return this.light.theme;
  }

  /** Note how wide the frame is, only when that may have changed: to ask has the browser lay out the page. */
  measure() {
    const width = this.frame.clientWidth; // none while it is hidden
    this.room = width || this.room || 600;
    return width > 0;
  }

  /**
   * The picture for the present width: the full one or, on a phone, the compact one. In lecture mode it is laid out
   * for fewer pixels and shown larger, so that every letter and line of it grows and all still fits.
   */
  choose() {
    const { body, compact } = this.message;
    this.scale = this.enlarged(body.layout.height);
    this.width = Math.round(this.room / this.scale);
    this.compact = Boolean(compact) && this.width < NARROW;
    this.figure = this.compact ? compact : body;
    const { height } = this.figure.layout;
    Object.assign(this.stage.style, { width: `${this.width}px`, height: `${height}px` });
    this.stage.style.transform = this.scale === 1 ? "" : `scale(${this.scale})`;
    this.frame.style.height = `${height * this.scale}px`;
    this.root.classList.toggle("gs-compact", this.compact);
  }

  /** How many times larger a picture of this height is shown: as wide and as high as the window allows. */
  enlarged(height) {
    if (!lecture.on) return 1;
    if (this.room < NARROW) return LECTURE.narrow;
    const wanted = Math.min(this.room / LECTURE.width, (LECTURE.share * lecture.height) / height);
    return Math.min(Math.max(wanted, LECTURE.least), LECTURE.most);
  }

  /** Where a pointer is, in the picture's own pixels; `box` is where the stage stands in the window. */
  point({ clientX, clientY }, { left, top } = this.stage.getBoundingClientRect()) {
    return [(clientX - left) / this.scale, (clientY - top) / this.scale];
  }

  draw() {
    const key = `${this.theme} ${this.compact} ${this.width} ${this.figure.signature}`;
    if (this.plotted !== key) {
      this.plot();
      this.plotted = key;
    }
    paint(this, this.axes());
    this.root.dataset.value = this.message.value;
    this.root.dataset.drawn = String(Number(this.root.dataset.drawn) + 1);
    this.cursor.place();
  }

  /**
   * Where Plotly puts the axes of heatmaps: their builder fixes margins and ranges. {x, y}, each with `at(value)` in
   * pixels of the stage and `value(pixel)`.
   */
  axes() {
    const { margin, height, xaxis, yaxis } = this.figure.layout;
    return {
      x: axis(margin.l, this.width - margin.l - margin.r, xaxis?.range ?? [0, 1]),
      y: axis(margin.t, height - margin.t - margin.b, [...(yaxis?.range ?? [0, 1])].reverse()),
    };
  }

  /** All but the squares. */
  plot() {
    const { data, layout } = resolve({ data: this.figure.data, layout: this.figure.layout }, this.theme);
    layout.width = this.width;
    window.Plotly.react(this.graph, data, layout, { displayModeBar: false, responsive: false, doubleClick: false });
  }

  resize() {
    const { room } = this;
    if (!this.measure() || !this.message) return;
    if (this.room === room && this.enlarged(this.message.body.layout.height) === this.scale) return;
    this.choose();
    this.say(this.message.words, false);
    this.render();
  }

  /** Another control has moved a field that the cursor may show. */
  follow(field, value) {
    this.cursor.follow(field, value);
  }

  /** Sentences beside the present picture, which stays. */
  notify(notices) {
    this.message = { ...this.message, words: { ...this.message.words, notices } };
    this.say(this.message.words, false);
  }

  get value() {
    return this.message.value;
  }

  /** Things are still: the screen reader hears the sentence. */
  settle() {
    write(this.spoken, this.message.words.sentence);
  }

  say({ sentence, rows = [], notices = [], note = "" }, settled) {
    if (this.compact) rows = rows.filter((row) => !row.key || this.figure.data.some((trace) => trace.meta?.key === row.key));
    write(this.sentence, sentence);
    this.sentence.hidden = !sentence;
    fill(this.rows, "li", rows, (item, row) => {
      if (item.childElementCount === 0) for (const part of ["i", "b", "span"]) element(part, "", item);
      const [mark, name, text] = item.children;
      if (mark.dataset.colour !== row.colour + this.theme) {
        mark.dataset.colour = row.colour + this.theme;
        mark.style.background = resolve(row.colour, this.theme);
      }
      write(name, row.name);
      write(text, row.text);
    });
    write(this.note, note);
    this.note.hidden = !note;
    fill(this.notices, "p", notices, (item, text) => {
      item.className = "gs-notice";
      write(item, text);
    });
    if (settled) this.settle();
  }
}

/** A linear axis from `offset` over `length` pixels, whose values go from `first` to `last`. */
function axis(offset, length, [first, last]) {
  return {
    offset,
    length,
    at: (value) => offset + ((value - first) / (last - first)) * length,
    value: (pixel) => first + ((pixel - offset) / length) * (last - first),
  };
}

/** A label beside the pointer (or the finger): which square of which vector it is on, and its value. */
class Hover {
  constructor(owner) {
    this.owner = owner;
    this.box = element("div", "gs-hover", owner.stage);
    this.box.hidden = true;
    this.name = element("b", "", this.box);
    this.text = element("span", "", this.box);
    // Its size is known after the browser has laid it out, before it is seen: to ask earlier would have it done twice.
    [this.width, this.height] = [0, 0];
    this.sizer = new ResizeObserver(() => {
      [this.width, this.height] = [this.box.offsetWidth, this.box.offsetHeight];
      this.place();
    });
    this.sizer.observe(this.box);
    owner.stage.addEventListener("pointermove", (event) => this.at(event));
    owner.stage.addEventListener("pointerdown", (event) => this.at(event));
    owner.stage.addEventListener("pointerleave", () => (this.box.hidden = true));
  }

  destroy() {
    this.sizer.disconnect();
  }

  at(event) {
    const words = this.owner.message.hover;
    if (!words) return;
    const axes = this.owner.axes();
    const [x, y] = this.owner.point(event);
    const step = Math.round(axes.x.value(x));
    const depth = axes.y.value(y);
    const trace = this.owner.figure.data.find(
      ({ meta }) => meta?.height && depth >= meta.top && depth < meta.top + meta.height,
    );
    const unit = trace && Math.floor(((depth - trace.meta.top) / trace.meta.height) * trace.z.length);
    const value = trace?.z[unit]?.[step - 1];
    this.box.hidden = value === undefined;
    if (this.box.hidden) return;
    const place = trace.meta.labels ? trace.meta.labels[unit] : `${words.unit} ${unit + 1}`;
    const column = trace.meta.columns ? trace.meta.columns[step - 1] : `t = ${step}`;
    this.name.textContent = trace.meta.name;
    this.text.textContent = `${place} · ${column} · ${hovered(value)}`;
    this.point = [x, y];
    this.place();
  }

  /** Beside the pointer and within the stage. */
  place() {
    if (this.box.hidden) return;
    const [x, y] = this.point;
    const left = Math.min(Math.max(x + 14, 0), this.owner.width - this.width);
    const top = y > this.height + 16 ? y - this.height - 10 : y + 18;
    this.box.style.transform = `translate(${left}px, ${top}px)`;
  }
}

const REACH = { mouse: 12, pen: 16, touch: 24 }; // pixels from a point's middle within which it is meant

/** A click or tap on a point of a trace with meta.select: it sets that field to the point's customdata. */
class Picker {
  constructor(owner) {
    this.owner = owner;
    owner.stage.addEventListener("pointermove", (event) => {
      owner.stage.classList.toggle("gs-on-point", this.nearest(event) !== undefined);
    });
    owner.stage.addEventListener("click", (event) => {
      const point = this.nearest(event);
      if (point) conversation.change(point.field, point.value, true);
    });
  }

  nearest(event) {
    const layout = this.owner.graph._fullLayout;
    const traces = this.owner.figure?.data.filter(({ meta }) => meta?.select) ?? [];
    if (!traces.length || !layout?.xaxis) return undefined;
    const { xaxis, yaxis } = layout;
    const [left, top] = this.owner.point(event);
    const [x, y] = [left - xaxis._offset, top - yaxis._offset];
    let [best, found] = [Infinity, undefined];
    for (const { meta, customdata, marker, x: across, y: up } of traces) {
      customdata.forEach((value, k) => {
        const away = Math.hypot(xaxis.d2p(across[k]) - x, yaxis.d2p(up[k]) - y);
        const reach = Math.max(REACH[event.pointerType] ?? REACH.mouse, (marker.size[k] ?? marker.size) / 2);
        if (away <= reach && away <= best) [best, found] = [away, { field: meta.select, value }];
      });
    }
    return found;
  }
}

/** Give `list` one child a value, keeping the children that are there. */
function fill(list, tag, values, write) {
  while (list.childElementCount > values.length) list.lastElementChild.remove();
  while (list.childElementCount < values.length) element(tag, "", list);
  values.forEach((value, index) => write(list.children[index], value));
  list.hidden = !values.length;
}

const scales = new Map();
const tile = document.createElement("canvas");
const tiles = tile.getContext("2d", { willReadFrequently: true });

/** Paint the squares of all heatmaps of a figure, as finely as the screen shows them. */
function paint({ canvas, figure, theme, width, scale }, axes) {
  const { height } = figure.layout;
  const ratio = (window.devicePixelRatio || 1) * scale;
  const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== columns || canvas.height !== rows) Object.assign(canvas, { width: columns, height: rows });
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, columns, rows);
  context.imageSmoothingEnabled = false;
  for (const trace of figure.data) {
    if (trace.type !== "heatmap") continue;
    const key = `${theme} ${trace.colorscale}`;
    if (!scales.has(key)) scales.set(key, lookup(resolve(trace.colorscale, theme)));
    const [down, across] = render(trace, scales.get(key));
    const left = axes.x.at(trace.x0 - trace.dx / 2);
    const right = axes.x.at(trace.x0 + (across - 0.5) * trace.dx);
    const top = axes.y.at(trace.y0 - trace.dy / 2);
    const bottom = axes.y.at(trace.y0 + (down - 0.5) * trace.dy);
    const [x, y] = [Math.round(left * ratio), Math.round(top * ratio)];
    const [w, h] = [Math.round(right * ratio) - x, Math.round(bottom * ratio) - y];
    context.drawImage(tile, 0, 0, across, down, x, y, w, h);
  }
}

/** One heatmap on the tile, a pixel a square; unknown squares (NaN) stay clear. Returns its rows and columns. */
function render({ z, zmin, zmax }, colours) {
  const rows = z.length;
  const columns = z[0].length;
  if (tile.width < columns || tile.height < rows) {
    Object.assign(tile, { width: Math.max(tile.width, columns), height: Math.max(tile.height, rows) });
  }
  const image = tiles.createImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const factor = 255.999 / (zmax - zmin);
  for (let row = 0, k = 0; row < rows; row++) {
    const line = z[row];
    for (let column = 0; column < columns; column++, k++) {
      const level = (line[column] - zmin) * factor;
      pixels[k] = level >= 0 ? colours[level > 255 ? 255 : level | 0] : level < 0 ? colours[0] : 0;
    }
  }
  tiles.putImageData(image, 0, 0);
  return [rows, columns];
}

/**
 * The time cursor: a frame that is dragged, tapped or moved by the arrow keys. It sets the field "cursor", or another
 * one: its axis then counts as that field does, or `shift` more, and it stands at `stops` only, where they are given.
 */
class Cursor {
  constructor(owner) {
    this.owner = owner;
    this.line = element("div", "gs-cursor", owner.stage);
    this.line.dataset.testid = "time-cursor";
    this.line.tabIndex = 0;
    this.line.setAttribute("role", "slider");
    this.line.hidden = true;
    this.segments = element("div", "", this.line);
    this.flag = element("span", "", this.line);
    this.half = 0; // of the flag's width, known after the browser has laid it out, before it is seen
    this.sizer = new ResizeObserver(() => {
      this.half = this.flag.offsetWidth / 2;
      if (this.at) this.place();
    });
    this.sizer.observe(this.flag);
    this.line.addEventListener("keydown", (event) => this.key(event));
    owner.stage.addEventListener("pointerdown", (event) => this.press(event));
    const move = (event) => {
      if (event.pointerId !== this.pointer) return;
      this.moved = true;
      this.move(this.stepAt(event, true), false);
    };
    const end = (event) => {
      if (event.pointerId !== this.pointer) return;
      this.pointer = undefined;
      if (event.type === "pointerup" || this.moved) this.move(this.stepAt(event, true), true);
    };
    this.listeners = { pointermove: move, pointerup: end, pointercancel: end };
    for (const [type, listener] of Object.entries(this.listeners)) window.addEventListener(type, listener);
  }

  destroy() {
    this.sizer.disconnect();
    for (const [type, listener] of Object.entries(this.listeners)) window.removeEventListener(type, listener);
  }

  /** `at`: {step, first, last, label, field, shift, flag, stops}; what the reader has moved meanwhile is newer. */
  configure(at) {
    this.at = at;
    this.line.hidden = !at;
    if (!at) return;
    this.line.setAttribute("aria-label", at.label);
    this.line.setAttribute("aria-valuemin", at.first);
    this.line.setAttribute("aria-valuemax", at.last);
    if (this.pointer === undefined && !conversation.isLocal(at.field)) this.step = at.step;
    this.step = Math.min(Math.max(this.step ?? at.step, at.first), at.last);
  }

  stepAt(event, clamp = false) {
    const { x } = this.owner.axes();
    const [pixel] = this.owner.point(event, this.box);
    if (!clamp && (pixel < x.offset || pixel > x.offset + x.length)) return null;
    return this.near(Math.min(Math.max(Math.round(x.value(pixel)), this.at.first), this.at.last));
  }

  /** The place nearest to `step` at which the cursor may stand. */
  near(step) {
    const { stops } = this.at;
    return stops ? stops.reduce((best, stop) => (Math.abs(stop - step) < Math.abs(best - step) ? stop : best)) : step;
  }

  /** Another control has moved our field. */
  follow(field, value) {
    if (this.at?.field !== field || this.pointer !== undefined) return;
    this.step = Math.min(Math.max(value + this.at.shift, this.at.first), this.at.last);
    this.place();
  }

  press(event) {
    // A drag asks only how far to the right it has come, and a page scrolls up and down.
    this.box = this.owner.stage.getBoundingClientRect();
    const step = this.at && event.button === 0 ? this.stepAt(event) : null;
    if (step === null) return;
    this.pointer = event.pointerId;
    this.moved = false;
    if (event.pointerType !== "touch") this.move(step, false); // a touch may be the beginning of a scroll
  }

  key(event) {
    const far = event.shiftKey ? 10 : 1;
    const by = { ArrowLeft: -far, ArrowDown: -far, ArrowRight: far, ArrowUp: far, PageDown: -10, PageUp: 10 }[event.key];
    const step = { Home: this.at.first, End: this.at.last }[event.key] ?? (by && this.beside(by));
    if (step === undefined) return;
    event.preventDefault();
    this.move(Math.min(Math.max(step, this.at.first), this.at.last), true);
  }

  /** The step `by` places away. */
  beside(by) {
    const { stops } = this.at;
    if (!stops) return this.step + by;
    return stops[Math.min(Math.max(stops.indexOf(this.near(this.step)) + by, 0), stops.length - 1)];
  }

  move(step, settled) {
    if (step === null || (step === this.step && !settled)) return;
    this.step = step;
    this.place();
    conversation.change(this.at.field, step - this.at.shift, settled);
  }

  /** A frame round the step's column in every block, and its number on the time axis. */
  place() {
    if (!this.at) return;
    const { x, y } = this.owner.axes();
    const width = Math.max(x.at(1) - x.at(0), 4);
    const left = x.at(this.step) - width / 2;
    this.line.style.transform = `translateX(${left}px)`;
    this.line.style.top = `${y.offset}px`;
    this.line.style.height = `${y.length}px`;
    this.line.style.width = `${width}px`;
    const blocks = this.owner.figure.data.filter(({ meta }) => meta?.height);
    const spans = blocks.map(({ meta }) => [y.at(meta.top) - y.offset, y.at(meta.top + meta.height) - y.at(meta.top)]);
    fill(this.segments, "i", spans.length ? spans : [[0, y.length]], (segment, [top, height]) => {
      segment.style.top = `${top}px`;
      segment.style.height = `${height}px`;
    });
    this.line.classList.toggle("gs-thin", !spans.length);
    const flag = this.at.flag.replace("{step}", whole(this.step));
    write(this.flag, flag);
    const centre = Math.min(Math.max(left + width / 2, this.half), this.owner.width - this.half);
    this.flag.style.left = `${centre - left - this.half}px`;
    this.line.setAttribute("aria-valuenow", this.step);
    this.line.setAttribute("aria-valuetext", flag);
  }
}
