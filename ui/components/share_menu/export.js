// The pictures of the page as files: PNG as shown, a slide, and an HTML page that needs nothing but itself.
import { resolve } from "./theme.js";
import plotlyUrl from "./plotly_url.js";
import { paint } from "./qr.js";

/** @import { Figure, Layout, Meta, Row, Theme, Trace, Words } from "./types.js" */
/** @import LiveFigure from "./live_figure.js" */

const SLIDE = { width: 1920, height: 1080, margin: 80, title: 60, caption: 34, code: 250, tight: 0.85 };

/** The figures on the page, from above to below. */
export function pictures() {
  /** @type {NodeListOf<HTMLElement>} */
  const roots = document.querySelectorAll('[data-testid="live-figure"]');
  const shown = [...roots].filter((root) => root.clientWidth).map((root) => /** @type {LiveFigure} */ (root.gatescope));
  return shown.filter(({ message }) => message);
}

/** The same, as soon as each is whole. */
export async function wholePictures() {
  const shown = pictures();
  await Promise.all(shown.map((one) => one.whole()));
  return shown;
}

/**
 * All pictures as they are shown, one below the other, at twice the screen's size or more.
 *
 * @param {LiveFigure[]} shown
 */
export async function png(shown) {
  const scale = Math.max(2, window.devicePixelRatio || 1);
  const { theme } = shown[0];
  const figures = shown.map((one) => one.figure);
  const width = Math.max(...shown.map((one) => one.stage.clientWidth));
  const { canvas, context } = sheet(width * scale, heightOf(figures) * scale, resolve("@paper", theme));
  let top = 0;
  for (const [index, one] of shown.entries()) {
    const size = { width: one.stage.clientWidth, height: figures[index].layout.height };
    context.drawImage(await image(figures[index], one, theme, size, scale), 0, top);
    top += size.height * scale;
  }
  return blob(canvas);
}

/**
 * A slide of 1920 x 1080 on a light ground: title, pictures, caption and, if `qr` has rows, the code of the link.
 *
 * Plotly draws each picture anew, a little flatter than on the page, and every line and letter of it larger by the
 * same factor, so that it can be read from the back of a hall.
 *
 * @param {LiveFigure[]} shown
 * @param {{title: string, qr: string[]}} more
 */
export async function slide(shown, { title, qr }) {
  const { width, height, margin } = SLIDE;
  const { canvas, context } = sheet(width, height, "#ffffff");
  const font = getComputedStyle(document.body).fontFamily || "sans-serif";
  const inner = width - 2 * margin;
  context.textBaseline = "top";
  context.fillStyle = resolve("@text", "light");

  const heading = fit(context, title, inner, 2, SLIDE.title, `600 %px ${font}`);
  let top = write(context, heading, margin, 56) + 24;

  // Where a square of the code would be smaller than three pixels, the code gets more room than usual.
  const bottom = height - 48;
  const side = qr.length && Math.max(SLIDE.code, 3 * (qr.length + 8));
  const code = side && paint(context, qr, width - margin, bottom, side) + 32;
  const sentence = shown.map((one) => one.message.words.sentence).filter(Boolean).join(" ");
  const caption = fit(context, sentence, inner - code, 4, SLIDE.caption, `400 %px ${font}`);
  const words = caption.lines.length * caption.size * 1.35;
  context.fillStyle = resolve("@text", "light");
  write(context, caption, margin, bottom - words);

  const room = { width: inner - code, height: bottom - top - words - 24 };
  const figures = shown.map((one) => one.message.body);
  const scale = Math.min(2.5, room.height / (SLIDE.tight * heightOf(figures)));
  for (const [index, one] of shown.entries()) {
    const share = (room.height / scale) * (figures[index].layout.height / heightOf(figures));
    const size = { width: Math.round(room.width / scale), height: Math.floor(share) };
    context.drawImage(await image(figures[index], one, "light", size, scale), margin, top);
    top += size.height * scale;
  }
  return blob(canvas);
}

/**
 * A page of its own, on a light ground: title, each picture with its sentence, the link; Plotly's script inside.
 *
 * @param {LiveFigure[]} shown
 * @param {{title: string, link: string, lang: string, words: Words}} more
 */
export async function html(shown, { title, link, lang, words }) {
  const response = await fetch(new URL(plotlyUrl, import.meta.url));
  if (!response.ok) throw new Error(`Plotly's script: ${response.status}`);
  const doc = document.implementation.createHTMLDocument(title);
  /**
   * @template {keyof HTMLElementTagNameMap} Tag
   * @param {Tag} tag
   * @param {Element} parent
   */
  const add = (tag, parent, text = "") => {
    const node = doc.createElement(tag);
    node.textContent = text;
    parent.append(node);
    return node;
  };
  doc.documentElement.lang = lang;
  const charset = doc.createElement("meta");
  charset.setAttribute("charset", "utf-8");
  doc.head.prepend(charset);
  Object.assign(add("meta", doc.head), { name: "viewport", content: "width=device-width, initial-scale=1" });
  add("style", doc.head, STYLE);
  add("h1", doc.body, title);
  for (const [index, one] of shown.entries()) {
    add("p", doc.body, one.message.words.sentence);
    add("div", doc.body).id = `figure-${index}`;
  }
  const foot = add("p", doc.body);
  Object.assign(add("a", foot, words["download.open"]), { href: link, rel: "noreferrer" });
  add("script", doc.body, (await response.text()).replace(/<\/(script)/gi, "<\\/$1"));
  const figures = shown.map((one) => {
    const { data, layout } = still(one.message.body, one, "light");
    return { data, layout: { ...layout, autosize: true, paper_bgcolor: "#ffffff" } };
  });
  add("script", doc.body, `for (const [index, { data, layout }] of ${json(figures)}.entries())
  Plotly.newPlot("figure-" + index, data, layout, { responsive: true, displayModeBar: false });`);
  return new Blob(["<!doctype html>\n", doc.documentElement.outerHTML], { type: "text/html" });
}

const STYLE = `:root { color-scheme: light }
body { max-width: 72rem; margin: 0 auto; padding: 1rem; background: #ffffff; color: #14202e;
  font: 1.05rem/1.5 "Source Sans 3", "Noto Sans KR", "Apple SD Gothic Neo", "Malgun Gothic", sans-serif;
  word-break: keep-all; overflow-wrap: anywhere }
h1 { font-size: 1.6rem; line-height: 1.25 }
a { color: #0b5fa5 }`;

/**
 * Data as a script's literal. No "<" is left in it, so that no text can end the script.
 *
 * @param {unknown} value
 */
export function json(value) {
  const text = JSON.stringify(value, (_, item) => {
    if (!ArrayBuffer.isView(item)) return item;
    return Array.from(/** @type {Row} */ (item), (number) => (Number.isFinite(number) ? Number(number.toPrecision(7)) : null));
  });
  return text.replace(/[<\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * The newest figure with its colours, and with the time cursor as part of the picture.
 *
 * @param {Figure} figure
 * @param {LiveFigure} one
 * @param {Theme} theme
 * @returns {{data: object[], layout: Layout}}
 */
function still(figure, { message, cursor }, theme) {
  const drawn = figure.data.flatMap((trace) => (trace.meta?.bars ? barsOf(trace) : [trace]));
  const { data, layout } = resolve({ data: drawn, layout: figure.layout }, theme);
  if (!message.cursor) return { data, layout };
  const step = cursor.step ?? message.cursor.step;
  const [text, paper] = ["@text", "@paper"].map((name) => resolve(name, theme));
  const sides = [step - 0.5, step + 0.5];
  const frame = figure.data.flatMap(({ meta }) =>
    meta?.height
      ? sides.map((x) => ({ x0: x, x1: x, y0: meta.top, y1: meta.top + meta.height }))
      : [],
  );
  const lines = frame.map((place) => ({ type: "line", xref: "x", yref: "y", ...place, line: { color: text, width: 1.5 } }));
  const place = { xref: "x", yref: "y domain", x: step, y: 0, yanchor: "top", yshift: -4, showarrow: false };
  const flag = { ...place, text: `t = ${step}`, bgcolor: text, borderpad: 2, font: { color: paper, size: 12 } };
  return {
    data,
    layout: {
      ...layout,
      shapes: [...(layout.shapes || []), ...lines],
      annotations: [...(layout.annotations || []), flag],
    },
  };
}

/**
 * What the page paints by itself of shares and running totals (see `paintBars`), for Plotly to draw.
 *
 * @param {Trace} trace
 * @returns {object[]}
 */
export function barsOf({ z: [shares, totals], meta }) {
  const { top, height, bars, tint, ground, edge } = /** @type {Required<Meta>} */ (meta);
  const foot = top + height;
  /** @type {(number | null)[][]} */
  const [x, below, bar, line] = [[], [], [], []];
  for (const [step, total] of totals.entries()) {
    if (Number.isNaN(total)) continue;
    const [head, begins] = [total, total - shares[step]].map((share) => foot - height * share);
    x.push(step + 0.5, step + 0.5, step + 1.5, step + 1.5, null);
    below.push(foot, begins, begins, foot, null);
    bar.push(begins, head, head, begins, null);
    line.push(head, head, head, head, head);
  }
  const filled = { type: "scatter", mode: "lines", fill: "toself", line: { width: 0 } };
  const [first, last] = [0.5, shares.length + 0.5];
  return [
    { ...filled, fillcolor: ground, x: [first, first, last, last], y: [foot, top, top, foot] },
    { ...filled, fillcolor: bars, opacity: tint, x, y: below },
    { ...filled, fillcolor: bars, x, y: bar },
    { ...filled, fill: "none", connectgaps: true, line: { width: 1, color: edge }, x, y: line },
  ];
}

/**
 * @param {Figure} figure
 * @param {LiveFigure} one
 * @param {Theme} theme
 * @param {{width: number, height: number}} size
 * @param {number} scale
 */
async function image(figure, one, theme, size, scale) {
  const { data, layout } = still(figure, one, theme);
  const drawn = new Image();
  drawn.src = await window.Plotly.toImage({ data, layout: { ...layout, ...size } }, { format: "png", ...size, scale });
  await drawn.decode();
  return drawn;
}

/** @param {Figure[]} figures */
function heightOf(figures) {
  return figures.reduce((sum, { layout }) => sum + layout.height, 0);
}

/**
 * @param {number} width
 * @param {number} height
 * @param {string} ground
 */
function sheet(width, height, ground) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: Math.round(width), height: Math.round(height) });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  return { canvas, context };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {Promise<Blob>}
 */
function blob(canvas) {
  return new Promise((done, failed) => {
    canvas.toBlob((file) => (file ? done(file) : failed(new Error("the picture is too large"))), "image/png");
  });
}

/** @typedef {{lines: string[], size: number, font: string}} Fitted */

/**
 * `text` in at most `most` lines of `width`, in the largest size up to `size`; what still does not fit ends in "…".
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} width
 * @param {number} most
 * @param {number} size
 * @param {string} font with "%" for the size
 * @returns {Fitted}
 */
function fit(context, text, width, most, size, font) {
  for (; ; size -= 2) {
    context.font = font.replace("%", String(size));
    const lines = wrap(context, text, width);
    if (lines.length <= most) return { lines, size, font: context.font };
    if (size <= 22) {
      const kept = lines.slice(0, most);
      let last = kept.pop() ?? "";
      while (last && context.measureText(`${last}…`).width > width) last = last.slice(0, -1);
      return { lines: [...kept, `${last}…`], size, font: context.font };
    }
  }
}

/**
 * Lines broken between words, and within a word only where it is longer than a line.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} width
 */
function wrap(context, text, width) {
  /** @type {string[]} */
  const lines = [];
  let line = "";
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word;
    if (context.measureText(longer).width <= width) {
      line = longer;
      continue;
    }
    if (line) lines.push(line);
    line = "";
    for (const character of word) {
      if (line && context.measureText(line + character).width > width) {
        lines.push(line);
        line = "";
      }
      line += character;
    }
  }
  return line ? [...lines, line] : lines;
}

/**
 * Write lines from `top` on; where they end.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Fitted} text
 * @param {number} left
 * @param {number} top
 */
function write(context, { lines, size, font }, left, top) {
  context.font = font;
  lines.forEach((line, index) => context.fillText(line, left, top + index * size * 1.35));
  return top + lines.length * size * 1.35;
}
