// live_figure: one Plotly graph that is updated in place and never rebuilt, with its words beside it.
//
// Plotly draws axes, names, lines and colour bars. The squares of its heatmaps we paint ourselves, on a canvas that
// lies beneath Plotly's own (clear) ground: that takes a tenth of the time. So where a message differs from the drawn
// one in nothing but squares (the same signature), Plotly is not asked at all.
import { conversation } from "./conversation.js";
import { attribute, element, write } from "./dom.js";
import { lecture } from "./lecture.js";
import { hovered, whole } from "./numbers.js";
import { figure } from "./still.js";
import { Light, lookup, resolve } from "./theme.js";
import plotlyUrl from "./plotly_url.js";

/** @import { Figure, Meta, Scale, Sent, Shown, Theme, TimeCursor, Trace } from "./types.js" */

const READOUT = /** @type {const} */ (["i", "b", "span"]); // its colour, its name, its text
const NARROW = 520; // pixels; below it the compact picture is shown, if there is one
const PATIENCE = 5000; // milliseconds until a whole picture has to be here
const EDGE = 1; // pixels of the line along the heads of bars
const LECTURE = { width: 640, share: 0.72, least: 1.2, narrow: 1.08, most: 2.2 }; // see LiveFigure.enlarged

/**
 * Plotly's script, loaded once a page; the page may be loading it already.
 *
 * @type {Promise<unknown>}
 */
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
  /** @type {Shown<Figure>} */
  message;
  /** @type {Figure} */
  figure; // of the message, the one that is drawn
  /** @type {string | undefined} */
  plotted; // what Plotly was asked for last
  /** @type {Promise<void> | undefined} */
  waiting; // for Plotly

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.room = 0; // pixels across
    this.width = 0; // of the picture, in its own
    this.height = 0; // of the full one, known even where the compact one is shown
    this.scale = 1;
    this.compact = false;
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
    this.light = new Light(parent, () => this.message && this.present());
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

  /**
   * Show a message, unless it speaks of a figure that is not here any more.
   *
   * @param {Shown<Sent>} sent
   */
  show(sent) {
    const kept = [this.message?.body, this.message?.compact];
    const body = figure(sent.body, kept);
    if (!body) return;
    this.message = { ...sent, body, compact: (sent.compact && figure(sent.compact, kept)) ?? null };
    this.present();
    if (this.complete) this.root.dispatchEvent(new Event("gs-complete"));
  }

  present() {
    const { message } = this;
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

  /** What the server need not send again, and for which place it draws. */
  get has() {
    return { figure: this.figure?.signature, narrow: this.width < NARROW };
  }

  /** Whether the full picture is here, its squares as numbers. */
  get complete() {
    return this.message.narrow !== true && !this.message.body.data.some(({ z }) => z?.[0] instanceof Uint8Array);
  }

  /** Have the full picture here, its squares as numbers. */
  async whole() {
    if (this.complete) return;
    const there = new Promise((done) => this.root.addEventListener("gs-complete", done, { once: true }));
    const late = new Promise((_, failed) => setTimeout(() => failed(new Error("the picture is not whole")), PATIENCE));
    conversation.refresh();
    await Promise.race([there, late]);
  }

  /**
   * The picture for the present width: the full one or, on a phone, the compact one. In lecture mode it is laid out
   * for fewer pixels and shown larger, so that every letter and line of it grows and all still fits.
   */
  choose() {
    const { body, compact, narrow } = this.message;
    if (!narrow) this.height = body.layout.height;
    this.scale = this.enlarged(this.height);
    this.width = Math.round(this.room / this.scale);
    this.compact = narrow ?? (Boolean(compact) && this.width < NARROW);
    if (narrow !== null && narrow !== this.has.narrow) conversation.refresh(); // it was drawn for another place
    this.figure = compact && this.compact ? compact : body;
    const { height } = this.figure.layout;
    Object.assign(this.stage.style, { width: `${this.width}px`, height: `${height}px` });
    this.stage.style.transform = this.scale === 1 ? "" : `scale(${this.scale})`;
    this.frame.style.height = `${height * this.scale}px`;
    this.root.classList.toggle("gs-compact", this.compact);
  }

  /**
   * How many times larger a picture of this height is shown: as wide and as high as the window allows.
   *
   * @param {number} height
   */
  enlarged(height) {
    if (!lecture.on) return 1;
    if (this.room < NARROW) return LECTURE.narrow;
    const wanted = Math.min(this.room / LECTURE.width, (LECTURE.share * lecture.height) / height);
    return Math.min(Math.max(wanted, LECTURE.least), LECTURE.most);
  }

  /**
   * Where a pointer is, in the picture's own pixels; `box` is where the stage stands in the window.
   *
   * @param {MouseEvent} event
   * @returns {[x: number, y: number]}
   */
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
    const drawn = this.figure.data.filter(({ meta }) => !meta?.bars);
    const { data, layout } = resolve({ data: drawn, layout: this.figure.layout }, this.theme);
    layout.width = this.width;
    window.Plotly.react(this.graph, data, layout, { displayModeBar: false, responsive: false, doubleClick: false });
  }

  resize() {
    const { room } = this;
    if (!this.measure() || !this.message) return;
    if (this.room === room && this.enlarged(this.height) === this.scale) return;
    this.choose();
    this.say(this.message.words, false);
    this.render();
  }

  /**
   * Another control has moved a field that the cursor may show.
   *
   * @param {string} field
   * @param {unknown} value
   */
  follow(field, value) {
    this.cursor.follow(field, value);
  }

  /**
   * Sentences beside the present picture, which stays.
   *
   * @param {string[]} notices
   */
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

  /**
   * @param {Shown<Figure>["words"]} words
   * @param {boolean} settled
   */
  say({ sentence, rows, notices, note }, settled) {
    if (this.compact) rows = rows.filter((row) => !row.key || this.figure.data.some((trace) => trace.meta?.key === row.key));
    write(this.sentence, sentence);
    this.sentence.hidden = !sentence;
    fill(this.rows, "li", rows, (item, row) => {
      if (item.childElementCount === 0) for (const part of READOUT) element(part, "", item);
      const [mark, name, text] = /** @type {HTMLElement[]} */ ([...item.children]);
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

/**
 * A linear axis from `offset` over `length` pixels, whose values go from `first` to `last`.
 *
 * @param {number} offset
 * @param {number} length
 * @param {number[]} ends
 */
function axis(offset, length, [first, last]) {
  return {
    offset,
    length,
    at: (/** @type {number} */ value) => offset + ((value - first) / (last - first)) * length,
    value: (/** @type {number} */ pixel) => first + ((pixel - offset) / length) * (last - first),
  };
}

/** A label beside the pointer (or the finger): which square of which vector it is on, and its value. */
class Hover {
  /** @param {LiveFigure} owner */
  constructor(owner) {
    /** @type {[x: number, y: number]} */
    this.point = [0, 0]; // where the pointer is
    this.owner = owner;
    this.box = element("div", "gs-hover", owner.stage);
    this.box.hidden = true;
    this.name = element("b", "", this.box);
    this.text = element("span", "", this.box);
    // Its size is known after the browser has laid it out, before it is seen: to ask earlier would have it done twice.
    this.width = 0;
    this.height = 0;
    this.sizer = new ResizeObserver(() => {
      this.width = this.box.offsetWidth;
      this.height = this.box.offsetHeight;
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

  /** @param {PointerEvent} event */
  at(event) {
    const words = this.owner.message.hover;
    if (!words) return;
    const axes = this.owner.axes();
    const [x, y] = this.owner.point(event);
    const step = Math.round(axes.x.value(x));
    const depth = axes.y.value(y);
    const block = blocks(this.owner.figure).find(({ top, height }) => depth >= top && depth < top + height);
    const rows = block?.bars ? 1 : block?.z.length; // of a bar its share
    const unit = block && rows && Math.floor(((depth - block.top) / block.height) * rows);
    const row = unit === undefined ? undefined : block?.z[unit];
    const value = row?.[step - 1];
    this.box.hidden = value === undefined;
    if (!block || unit === undefined || value === undefined) return;
    const place = block.labels ? block.labels[unit] : `${words.unit} ${unit + 1}`;
    const column = block.columns ? block.columns[step - 1] : `t = ${step}`;
    this.name.textContent = block.name;
    const places = row instanceof Uint8Array; // while a control moves, squares come as colours
    this.text.textContent = places ? `${place} · ${column}` : `${place} · ${column} · ${hovered(value)}`;
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

/**
 * The heatmaps of a figure that stand below each other.
 *
 * @param {Figure} figure
 */
function blocks({ data }) {
  return data.flatMap(({ meta, z }) => (meta?.height ? [{ ...meta, z }] : []));
}

/** @type {Record<string, number>} */
const REACH = { mouse: 12, pen: 16, touch: 24 }; // pixels from a point's middle within which it is meant

/** A click or tap on a point of a trace with meta.select: it sets that field to the point's customdata. */
class Picker {
  /** @param {LiveFigure} owner */
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

  /**
   * The point that a pointer means, if it is near one: the field that it sets and the value.
   *
   * @param {MouseEvent} event a PointerEvent
   */
  nearest(event) {
    const { xaxis, yaxis } = this.owner.graph._fullLayout ?? {};
    const traces = this.owner.figure?.data.filter(({ meta }) => meta?.select) ?? [];
    if (!traces.length || !xaxis || !yaxis) return undefined;
    const [left, top] = this.owner.point(event);
    const [x, y] = [left - xaxis._offset, top - yaxis._offset];
    const least = REACH[/** @type {PointerEvent} */ (event).pointerType] ?? REACH.mouse;
    let best = Infinity;
    /** @type {{field: string, value: string | number} | undefined} */
    let found;
    for (const { meta, customdata, marker, x: across, y: up } of traces) {
      customdata.forEach((value, k) => {
        const away = Math.hypot(xaxis.d2p(across[k]) - x, yaxis.d2p(up[k]) - y);
        const size = typeof marker.size === "number" ? marker.size : marker.size[k];
        if (away > Math.max(least, size / 2) || away > best) return;
        best = away;
        found = { field: meta?.select ?? "", value };
      });
    }
    return found;
  }
}

/**
 * Give `list` one child a value, keeping the children that are there.
 *
 * @template Value
 * @param {HTMLElement} list
 * @param {keyof HTMLElementTagNameMap} tag
 * @param {Value[]} values
 * @param {(child: HTMLElement, value: Value) => void} write
 */
function fill(list, tag, values, write) {
  while (list.childElementCount > values.length) list.lastElementChild?.remove();
  while (list.childElementCount < values.length) element(tag, "", list);
  values.forEach((value, index) => write(/** @type {HTMLElement} */ (list.children[index]), value));
  list.hidden = !values.length;
}

/** @type {Map<string, Uint32Array>} */
const scales = new Map(); // by theme and scale, its colours
const tile = document.createElement("canvas");
const tiles = plane(tile, { willReadFrequently: true });

/**
 * What draws on a canvas.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
function plane(canvas, settings) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", settings));
}

/**
 * The 256 colours of a scale.
 *
 * @param {Scale} scale
 * @param {Theme} theme
 */
function coloursOf(scale, theme) {
  const key = `${theme} ${scale}`;
  const found = scales.get(key) ?? lookup(resolve(scale, theme));
  scales.set(key, found);
  return found;
}

/**
 * Paint the squares of all heatmaps of a figure, as finely as the screen shows them.
 *
 * @param {LiveFigure} owner
 * @param {ReturnType<LiveFigure["axes"]>} axes
 */
function paint({ canvas, figure, theme, width, scale }, axes) {
  const { height } = figure.layout;
  const ratio = (window.devicePixelRatio || 1) * scale;
  const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== columns || canvas.height !== rows) Object.assign(canvas, { width: columns, height: rows });
  const context = plane(canvas);
  context.clearRect(0, 0, columns, rows);
  context.imageSmoothingEnabled = false;
  for (const trace of figure.data) {
    if (trace.type !== "heatmap") continue;
    if (trace.meta?.bars) {
      paintBars(context, trace, axes, ratio, theme);
      continue;
    }
    const [down, across] = render(trace, coloursOf(trace.colorscale, theme));
    const left = axes.x.at(trace.x0 - trace.dx / 2);
    const right = axes.x.at(trace.x0 + (across - 0.5) * trace.dx);
    const top = axes.y.at(trace.y0 - trace.dy / 2);
    const bottom = axes.y.at(trace.y0 + (down - 0.5) * trace.dy);
    const [x, y] = [Math.round(left * ratio), Math.round(top * ratio)];
    const [w, h] = [Math.round(right * ratio) - x, Math.round(bottom * ratio) - y];
    context.drawImage(tile, 0, 0, across, down, x, y, w, h);
  }
}

/**
 * Bars in place of squares: each as high as its share, and it ends at the running total, so that together they climb
 * to the upper edge. What is below a bar was there before it, and has a tint of its colour.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Trace} trace
 * @param {ReturnType<LiveFigure["axes"]>} axes
 * @param {number} ratio
 * @param {Theme} theme
 */
function paintBars(context, { z: [shares, totals], x0, dx, meta }, axes, ratio, theme) {
  const { top, height, bars, tint, ground, edge } = resolve(/** @type {Required<Meta>} */ (meta), theme);
  const across = (/** @type {number} */ step) => Math.round(axes.x.at(x0 + (step - 0.5) * dx) * ratio);
  const up = (/** @type {number} */ share) => Math.round(axes.y.at(top + height * (1 - share)) * ratio);
  const [foot, count, line] = [up(0), shares.length, Math.max(1, Math.round(EDGE * ratio))];
  context.fillStyle = ground;
  context.fillRect(across(0), up(1), across(count) - across(0), foot - up(1));
  for (let step = 0, last = foot; step < count; step++) {
    const total = totals[step];
    if (Number.isNaN(total)) continue;
    const [left, right, head, begins] = [across(step), across(step + 1), up(total), up(total - shares[step])];
    context.fillStyle = bars;
    context.fillRect(left, head, right - left, begins - head);
    context.globalAlpha = tint;
    context.fillRect(left, begins, right - left, foot - begins);
    context.globalAlpha = 1;
    context.fillStyle = edge;
    if (head < foot) context.fillRect(left, head - line, right - left, line);
    context.fillRect(left, head - line, line, last - head);
    last = head;
  }
}

/**
 * One heatmap on the tile, a pixel a square; unknown squares (NaN) stay clear. Returns its rows and columns.
 *
 * @param {Trace} trace
 * @param {Uint32Array} colours
 */
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
    if (line instanceof Uint8Array) {
      for (let column = 0; column < columns; column++, k++) pixels[k] = colours[line[column]];
      continue;
    }
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
  /** @type {TimeCursor | null | undefined} */
  at;
  /** @type {number | undefined} */
  pointer; // that moves it
  /** @type {DOMRect | undefined} */
  box; // where the stage stood when the pointer came

  /** @param {LiveFigure} owner */
  constructor(owner) {
    this.owner = owner;
    this.step = 0;
    this.known = false; // whether the step has been set
    this.moved = false;
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
    this.leaving = new AbortController();
    const during = { signal: this.leaving.signal };
    window.addEventListener("pointermove", (event) => this.drag(event), during);
    window.addEventListener("pointerup", (event) => this.release(event), during);
    window.addEventListener("pointercancel", (event) => this.release(event), during);
  }

  destroy() {
    this.sizer.disconnect();
    this.leaving.abort();
  }

  /**
   * What the reader has moved meanwhile is newer.
   *
   * @param {TimeCursor | null} at
   */
  configure(at) {
    this.at = at;
    this.line.hidden = !at;
    if (!at) return;
    this.line.setAttribute("aria-label", at.label);
    attribute(this.line, { "aria-valuemin": at.first, "aria-valuemax": at.last });
    const newer = this.known && (this.pointer !== undefined || conversation.isLocal(at.field));
    this.known = true;
    this.step = within(newer ? this.step : at.step, at);
  }

  /**
   * The step where the pointer is, or null beside the axis; with `clamp` the nearest.
   *
   * @param {PointerEvent} event
   * @param {TimeCursor} at
   */
  stepAt(event, at, clamp = false) {
    const { x } = this.owner.axes();
    const [pixel] = this.owner.point(event, this.box);
    if (!clamp && (pixel < x.offset || pixel > x.offset + x.length)) return null;
    return this.near(within(Math.round(x.value(pixel)), at), at);
  }

  /**
   * The place nearest to `step` at which the cursor may stand.
   *
   * @param {number} step
   * @param {TimeCursor} at
   */
  near(step, { stops }) {
    return stops ? stops.reduce((best, stop) => (Math.abs(stop - step) < Math.abs(best - step) ? stop : best)) : step;
  }

  /**
   * Another control has moved our field.
   *
   * @param {string} field
   * @param {unknown} value
   */
  follow(field, value) {
    if (this.at?.field !== field || this.pointer !== undefined) return;
    this.step = within(Number(value) + this.at.shift, this.at);
    this.place();
  }

  /** @param {PointerEvent} event */
  press(event) {
    // A drag asks only how far to the right it has come, and a page scrolls up and down.
    this.box = this.owner.stage.getBoundingClientRect();
    const step = this.at && event.button === 0 ? this.stepAt(event, this.at) : null;
    if (step === null) return;
    this.pointer = event.pointerId;
    this.moved = false;
    if (event.pointerType !== "touch") this.move(step, false); // a touch may be the beginning of a scroll
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (!this.at || event.pointerId !== this.pointer) return;
    this.moved = true;
    this.move(this.stepAt(event, this.at, true), false);
  }

  /** @param {PointerEvent} event */
  release(event) {
    if (!this.at || event.pointerId !== this.pointer) return;
    this.pointer = undefined;
    if (event.type === "pointerup" || this.moved) this.move(this.stepAt(event, this.at, true), true);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!this.at) return;
    const far = event.shiftKey ? 10 : 1;
    /** @type {Record<string, number>} */
    const ways = { ArrowLeft: -far, ArrowDown: -far, ArrowRight: far, ArrowUp: far, PageDown: -10, PageUp: 10 };
    /** @type {Record<string, number>} */
    const ends = { Home: this.at.first, End: this.at.last };
    const step = ends[event.key] ?? (event.key in ways ? this.beside(ways[event.key], this.at) : undefined);
    if (step === undefined) return;
    event.preventDefault();
    this.move(within(step, this.at), true);
  }

  /**
   * The step `by` places away.
   *
   * @param {number} by
   * @param {TimeCursor} at
   */
  beside(by, at) {
    const { stops } = at;
    if (!stops) return this.step + by;
    return stops[Math.min(Math.max(stops.indexOf(this.near(this.step, at)) + by, 0), stops.length - 1)];
  }

  /**
   * @param {number | null} step
   * @param {boolean} settled
   */
  move(step, settled) {
    if (!this.at || step === null || (step === this.step && !settled)) return;
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
    const spans = blocks(this.owner.figure).map(({ top, height }) => [y.at(top) - y.offset, y.at(top + height) - y.at(top)]);
    fill(this.segments, "i", spans.length ? spans : [[0, y.length]], (segment, [top, height]) => {
      segment.style.top = `${top}px`;
      segment.style.height = `${height}px`;
    });
    this.line.classList.toggle("gs-thin", !spans.length);
    const flag = this.at.flag.replace("{step}", whole(this.step));
    write(this.flag, flag);
    const centre = Math.min(Math.max(left + width / 2, this.half), this.owner.width - this.half);
    this.flag.style.left = `${centre - left - this.half}px`;
    attribute(this.line, { "aria-valuenow": this.step, "aria-valuetext": flag });
  }
}

/**
 * A step, or the end of the axis beyond which it lies.
 *
 * @param {number} step
 * @param {TimeCursor} at
 */
function within(step, { first, last }) {
  return Math.min(Math.max(step, first), last);
}
