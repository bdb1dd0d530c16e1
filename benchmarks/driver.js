// The in-page driver, the same for the three pages: it moves the slider sixty times a second and notes each picture.
// A page differs only in where its slider stands and in how a finished picture is recognised. Times are milliseconds.

// What the page gets through its websockets, counted as it comes: bytes of binary messages, characters of texts.
window.received = 0;
window.WebSocket = class extends WebSocket {
  constructor(...all) {
    super(...all);
    this.addEventListener("message", ({ data }) => {
      window.received += data.byteLength ?? data.size ?? data.length;
    });
  }
};

// `field` is the slider's where the page is ours.
window.startDriver = (kind, query, field) => {
  const INPUTS_A_SECOND = 60;
  let steps = 120; // of the slider: -5 to 7 by 0.1
  const pictures = []; // {time, value}: each picture whose value differs from that of the picture before
  let waiting = [];

  function drawn(value) {
    if (value == null || value === pictures.at(-1)?.value) return;
    pictures.push({ time: performance.now(), value });
    waiting.forEach((resolve) => resolve());
    waiting = [];
  }

  const pages = {
    // Each finished picture raises data-drawn and carries the settings it was drawn from.
    gatescope() {
      const range = document.querySelector(`[data-testid="live-slider"][data-name="${field}"] input[type="range"]`);
      const figure = document.querySelector('[data-testid="live-figure"]');
      if (!range || !figure?.dataset.value) return null;
      const settings = new URLSearchParams(figure.dataset.value);
      for (const [name, value] of new URLSearchParams(query)) {
        if (settings.get(name) !== value) throw new Error(`expected a picture of ${query}, got ${figure.dataset.value}`);
      }
      steps = Math.round((range.max - range.min) / range.step);
      const note = () => drawn(figure.dataset.value);
      new MutationObserver(note).observe(figure, { attributes: true, attributeFilter: ["data-drawn"] });
      note();
      return { handle: range, track: range, focus: range, range, figure: () => figure };
    },

    // Each picture is a chart built anew: it has the value in its title, and all its heatmaps have their image.
    streamlit() {
      const input = document.querySelector('[data-testid="stSlider"] input[type="range"]');
      const chart = () => [...document.querySelectorAll(".js-plotly-plot")].at(-1);
      const value = () => (chart()?.querySelectorAll(".hm image").length === 6
        ? chart().querySelector(".gtitle")?.textContent : null);
      if (!input || !value()) return null;
      const note = () => drawn(value());
      new MutationObserver(note).observe(document.body, { childList: true, subtree: true, characterData: true });
      note();
      const handle = input.closest("[data-rac]");
      return { handle, track: handle.parentElement, focus: input, figure: chart };
    },

    // The plot announces each repaint of its canvas; its source holds the value that was painted.
    bokeh() {
      const view = (name) => {
        const model = window.Bokeh?.documents[0]?.get_model_by_name(name);
        return model && Bokeh.index.find_one(model);
      };
      const [slider, plot] = [view("memory"), view("vectors")];
      if (!slider?.slider_el || !plot?.has_finished()) return null;
      const note = () => drawn(String(plot.model.renderers[0].data_source.data.memory[0]));
      plot.repainted.connect(note);
      note();
      const handle = slider.slider_el.querySelector(".noUi-handle");
      return { handle, track: slider.slider_el, focus: handle, figure: () => plot.el };
    },
  };

  const page = pages[kind]();
  if (!page) return null;
  page.focus.focus();
  const setRange = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;

  const sleep = (delay) => new Promise((resolve) => setTimeout(resolve, delay));

  const nextPicture = (limit = 10000) => Promise.race([
    new Promise((resolve) => waiting.push(resolve)).then(() => pictures.at(-1)),
    sleep(limit).then(() => { throw new Error(`no picture within ${limit} ms`); }),
  ]);

  async function quiet(delay) {
    let count;
    do {
      count = pictures.length;
      await sleep(delay);
    } while (pictures.length > count);
  }

  // Dispatch what a browser dispatches for a mouse: the pointer's event, then the mouse's unless the page declined it.
  let declined = false;
  function pointer(type, target, x, y) {
    const init = {
      bubbles: true, composed: true, cancelable: true, view: window, clientX: x, clientY: y,
      button: 0, buttons: type === "up" ? 0 : 1, pointerId: 1, pointerType: "mouse", isPrimary: true,
    };
    const accepted = target.dispatchEvent(new PointerEvent(`pointer${type}`, init));
    if (type === "down") declined = !accepted;
    if (!declined) target.dispatchEvent(new MouseEvent(`mouse${type}`, init));
  }

  // Time from the browser's time stamp of the next key press to the picture that it causes.
  async function key() {
    const press = new Promise((resolve) => addEventListener("keydown", resolve, { capture: true, once: true }));
    const picture = nextPicture();
    return (await picture).time - (await press).timeStamp;
  }

  // Drag up and down between the ends, one step of the slider per input, without letting go. An input that falls due
  // while the page is busy is left out, as a browser merges the moves of a mouse.
  async function drag(seconds, from) {
    const { handle, track, range } = page;
    const box = handle.getBoundingClientRect();
    const middle = box.top + box.height / 2;
    const width = track.getBoundingClientRect().width;
    if (range) from = Math.round((range.value - range.min) / range.step);
    const at = (position) => (range ? box.left + width * position / steps
      : box.left + box.width / 2 + width * (position - from) / steps);
    const bounce = (position) => steps - Math.abs(steps - (position % (2 * steps)));
    let x = at(from);
    const move = (position) => {
      x = at(position);
      pointer("move", handle, x, middle);
      if (!range) return;
      setRange.call(range, Number(range.min) + position * Number(range.step)); // a script's pointer moves no native range
      range.dispatchEvent(new Event("input", { bubbles: true }));
    };

    pointer("down", handle, x, middle);
    const start = performance.now();
    const [before, bytes] = [pictures.length, window.received];
    let inputs = 0;
    let due = 0;
    while (performance.now() - start < 1000 * seconds) {
      due = Math.max(due + 1, Math.floor((performance.now() - start) * INPUTS_A_SECOND / 1000));
      await sleep(start + due * 1000 / INPUTS_A_SECOND - performance.now());
      move(bounce(from + due));
      inputs += 1;
    }
    const end = performance.now();
    const drawn = pictures.length - before;
    letGo = async () => {
      pointer("up", handle, x, middle);
      range?.dispatchEvent(new Event("change", { bubbles: true }));
      await quiet(1000);
      return Math.max(0, pictures.at(-1).time - end);
    };
    return {
      drawn,
      pictures: drawn / (end - start) * 1000,
      inputs: inputs / (end - start) * 1000,
      bytes: window.received - bytes,
    };
  }

  // Let go after a drag: milliseconds from its last input to the last picture.
  let letGo;
  const release = () => letGo();

  function size() {
    const box = page.figure().getBoundingClientRect();
    return [Math.round(box.width), Math.round(box.height)];
  }

  window.driver = { key, drag, release, quiet, size, pictures };
  return true;
};
