// live_controls: all controls of a page in one component, which report while they are dragged.
//
// Two ways to the server. While a control is being dragged, values go to the address `live`, if there is one, and
// pictures come back without a run of the page's script: at most one question is under way, the newest values go
// next. Once the values have settled, they are reported to Streamlit: {session, seq, revision, values, action, settled,
// shown}. Where the last of those answers is all that there is to show, `shown` says so, and nothing of it is sent
// again. The answer carries the number that was processed, which releases the next report, before any picture is drawn.
// Without an answer for a second, or where another `session` answers (the server was restarted), we report again what
// we have. An action carries a number of its own, so that one that is reported twice is done once. Values that the server
// sets by itself (a preset) carry a higher `revision` and win over what is under way.
// Where there is no `live` address, every value is reported.
import { address } from "./address.js";
import { conversation } from "./conversation.js";
import { element, write } from "./dom.js";
import { lecture } from "./lecture.js";
import { fixed } from "./numbers.js";
import { held, parts } from "./parts.js";
import { Stills } from "./still.js";
import { unpack } from "./wire.js";

const base = new URL("../../../", import.meta.url); // of app/static/<version>/live_controls.js
const RETRY_MS = 1000;
const SETTLE_MS = 120; // from the last of several quick changes, such as repeated keys, to the report
const PAGE_LINK = 'a[data-testid="stPageLink-NavLink"]';
const panels = new WeakMap();
let last; // what the server said last, on whatever page
let acted = 0; // the number of the last action, on whatever page
const stills = new Stills();
let kept = {}; // name -> {value, short}: what the server need not hear of at once, its name in the address, on whatever page

export default function liveControls({ data, parentElement, setStateValue }) {
  let panel = panels.get(parentElement);
  if (!panel) panels.set(parentElement, (panel = new Panel(parentElement)));
  panel.report = (state) => setStateValue("live", state);
  panel.receive(data);
  return () => setTimeout(() => parentElement.isConnected || panel.destroy());
}

/**
 * A page link that is clicked while there is no connection is followed as soon as there is one again.
 *
 * Streamlit forgets such a click. The last of several counts; a click that opens a tab of its own is the browser's.
 */
class Patience {
  constructor() {
    document.addEventListener("click", (event) => this.clicked(event), true);
  }

  clicked(event) {
    const link = event.target.closest?.(PAGE_LINK);
    const app = document.querySelector(".stApp[data-test-connection-state]");
    if (!link || !app || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (connected(app)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.wanted = link.pathname;
    this.watch ??= new MutationObserver(() => connected(app) && this.follow());
    this.watch.observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
  }

  follow() {
    this.watch.disconnect();
    this.watch = undefined;
    [...document.querySelectorAll(PAGE_LINK)].find(({ pathname }) => pathname === this.wanted)?.click();
  }
}

function connected(app) {
  return app.dataset.testConnectionState === "CONNECTED";
}

new Patience();

class Panel {
  constructor(parent) {
    this.parent = parent;
    this.root = element("div", "gs-controls", parent);
    this.root.dataset.testid = "live-controls";
    this.offline = element("p", "gs-offline", parent);
    this.offline.setAttribute("role", "status");
    this.offline.hidden = true;
    this.controls = new Map(); // name -> control
    this.local = {}; // name -> value that the server has not confirmed
    this.silence = 0; // reports without an answer
    this.sent = {}; // what we reported last
    this.actions = []; // those that the server has not confirmed, in order
    this.unsettled = {}; // what was reported since the address was written
    this.seq = 0; // the last number we sent
    this.revision = -1;
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
    conversation.change = (name, value, settled) => this.set(name, value, settled);
    conversation.isLocal = (name) => name in this.local;
    conversation.act = (action) => this.act(action);
    conversation.keep = (name, value, short) => this.keep(name, value, short);
    conversation.renew = (news) => this.renew(news);
    conversation.refresh = () => this.refresh();
  }

  destroy() {
    clearTimeout(this.timer);
    clearTimeout(this.settling);
    this.socket?.close();
    document.removeEventListener("keydown", this.onKey);
    panels.delete(this.parent);
    this.root.remove();
    this.offline.remove();
  }

  receive(data) {
    this.silence = 0;
    this.offline.hidden = true;
    const resumed = last && data.session !== last.session;
    const arrived = this.revision === -1 && data.revision === last?.revision && !resumed;
    // Streamlit tells a new session the address that the page was loaded with, not the present one.
    if (resumed && last.state !== data.state) this.restore ??= last.state;
    if (data.items) this.answer = undefined;
    else data = { ...data, items: this.items ?? last?.items ?? [] }; // they are as they were
    this.items = data.items;
    this.data = last = data;
    document.documentElement.lang = data.lang;
    if (resumed) {
      // The server was restarted: we know the settings, and what was moved since they were written.
      this.local = { ...this.unsettled, ...this.sent, ...this.local };
      this.flying = undefined;
      this.seq = data.seq;
      this.revision = data.revision;
      if (this.restore || Object.keys(this.local).length) this.settled ??= !this.held();
    } else if (data.revision > this.revision) {
      this.local = {};
      this.unsettled = {};
      this.settled = undefined;
      this.revision = data.revision;
      this.asked = undefined;
      // What was moved on the page before goes with the reader; what the server has set since is newer.
      if (!arrived) kept = {};
      for (const [name, { value }] of Object.entries(kept)) this.local[name] = value;
      if (Object.keys(kept).length) this.settled = true;
    }
    if (this.flying !== undefined && data.seq >= this.flying) {
      this.flying = undefined;
      this.actions = this.actions.filter(({ number }) => number > data.acted);
      this.restore = undefined;
      this.asked = undefined;
      for (const [name, value] of Object.entries(this.sent)) {
        if (this.local[name] === value) delete this.local[name];
        if (kept[name]?.value === value) delete kept[name];
      }
    }
    if (data.settled) this.unsettled = {};
    if (!("lecture" in this.local)) lecture.follow(data.lecture);
    this.arrange(this.root, data.items);
    if (data.settled && !this.restore) this.links(data.state);
    if (data.live) this.line(); // ready for the first touch
    this.send();
  }

  held() {
    return [...this.controls.values()].some((control) => control.held);
  }

  /** Note a value that the reader has set; it goes out at the end of the task, with `change` beside `input`. */
  set(name, value, settled) {
    this.local[name] = value;
    for (const part of parts.values()) part.follow?.(name, value);
    clearTimeout(this.settling);
    if (this.data.live && this.line().readyState === WebSocket.OPEN) {
      queueMicrotask(() => this.stream());
      this.resting = false;
      if (settled) this.settling = setTimeout(() => this.rest(), SETTLE_MS);
    } else {
      this.settled = settled || (this.settled ?? false);
      queueMicrotask(() => this.send());
    }
  }

  /** Note a value that changes nothing but what the browser shows: the address has it, the next report takes it along. */
  keep(name, value, short) {
    if (this.local[name] === value && name in kept) return;
    this.local[name] = value;
    kept[name] = { value, short };
    if (!this.restore) this.links(this.data.state);
  }

  /**
   * Show what the server has of its own accord, all at once. Not while the reader is at a control, which asks anyway, nor
   * what was made (`seq`) before the last report that has been answered: the two come different ways.
   */
  renew(answer) {
    const busy = this.held() || this.flying !== undefined || Object.keys(this.local).some((name) => !(name in kept));
    const late = answer.seq < this.data.seq;
    if (busy || late || this.restore || !answer.parts.every(({ name }) => parts.has(name))) return false;
    this.data = last = { ...this.data, state: answer.query };
    this.draw(answer);
    this.links(answer.query);
    return true;
  }

  /** Something is missing on the page: have all of it sent. */
  refresh() {
    this.answer = undefined;
    this.settle();
  }

  /** The values have settled; the answer that is under way, or the same with numbers, may be all that there is to show. */
  rest() {
    if (this.isBy(this.answer) && !this.answer.exact) this.stream(true);
    if (!this.asking) return this.settle();
    clearTimeout(this.settling);
    this.resting = true;
    this.settling = setTimeout(() => this.settle(), RETRY_MS);
  }

  settle() {
    clearTimeout(this.settling);
    this.resting = false;
    this.settled = true;
    this.send();
  }

  act(action) {
    this.actions.push({ ...action, number: (acted += 1) });
    this.settle();
  }

  /**
   * The short way: ask for the pictures of the newest values, unless a question is under way already; `exact` to have
   * their squares as numbers, which takes several times as many bytes.
   */
  stream(exact = false) {
    if (this.asking || !this.root.isConnected) return;
    const line = this.line();
    if (line.readyState !== WebSocket.OPEN) return;
    const values = JSON.stringify(this.local);
    if (values === "{}" || (values === this.asked && (this.exactly || !exact))) return;
    this.asked = values;
    this.exactly = exact;
    this.asking = true;
    const { page, state } = this.data;
    const has = { items: stills.signature, parts: held() };
    line.send(JSON.stringify({ page, query: state, values: this.local, exact, has }));
  }

  /** The connection for live answers; while there is none, values go the long way. */
  line() {
    const trying = this.socket && (this.socket.readyState <= WebSocket.OPEN || Date.now() - this.opened < RETRY_MS);
    if (trying) return this.socket;
    this.opened = Date.now();
    const url = new URL(this.data.live, base);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.stream();
    socket.onmessage = ({ data }) => this.answered(unpack(new Uint8Array(data)));
    socket.onclose = () => {
      this.asking = false;
      this.asked = undefined;
      if (Object.keys(this.local).length && this.flying === undefined) this.settle();
    };
    this.socket = socket;
    return socket;
  }

  answered(answer) {
    const of = this.asked;
    this.asking = false;
    if (!this.root.isConnected) return;
    if (answer.failed) {
      this.settle();
      return;
    }
    this.stream(); // the next question is under way while we draw
    // What the server has taken or set meanwhile comes the long way, and is newer than this answer.
    if (of !== undefined && Object.keys(this.local).length > 0) this.draw(answer, of);
    if (this.resting && !this.asking) this.rest();
  }

  /** Show an answer; `of` is the text of the values that it was asked for, if it was asked for. */
  draw(answer, of) {
    const items = answer.items && stills.whole(answer.items);
    if (items) this.arrange(this.root, (this.items = items));
    for (const message of answer.parts) parts.get(message.name)?.show(message);
    if (!answer.parts.length) [...parts.values()].find((part) => part.notify)?.notify(answer.notices);
    const whole = items && answer.parts.length && !answer.parts.some((message) => message.rough || message.words.notices.length);
    const exact = answer.parts.every((message) => message.exact);
    this.answer = whole ? { of, query: answer.query, parts: answer.parts.map(({ name }) => name), exact } : undefined;
  }

  /** Whether an answer is by the very values that the reader has set. */
  isBy(answer) {
    return answer?.of === JSON.stringify(this.local);
  }

  /** What the server need not send again: {query, parts}, where the page shows the very values that are reported. */
  shown() {
    if (!this.isBy(this.answer) || !this.answer.exact) return undefined;
    const { query, parts: names } = this.answer;
    return names.every((name) => parts.get(name)?.value === query) ? { query, parts: names } : undefined;
  }

  /** The long way: report to Streamlit, unless a report is under way already. */
  send() {
    const waiting = this.settled !== undefined || this.actions.length;
    if (!waiting || this.flying !== undefined || !this.root.isConnected) return;
    const [action] = this.actions;
    const settled = Boolean(this.settled || action);
    this.settled = undefined;
    this.sent = { ...this.local };
    Object.assign(this.unsettled, this.sent);
    this.seq = Math.max(this.seq, this.data.seq) + 1;
    this.flying = this.seq;
    const shown = action || this.restore ? undefined : this.shown();
    const { session } = this.data;
    const news = { values: this.sent, action, settled, address: this.restore, shown };
    this.report({ session, seq: this.seq, revision: this.revision, ...news });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.flying === undefined) return;
      this.silence += 1;
      this.offline.hidden = this.silence < 2;
      this.offline.textContent = this.data.offline;
      this.flying = undefined;
      this.settled = this.settled || settled;
      if (this.silence < 2) return this.send();
      conversation.wake(); // not together with a report, which belongs to a fragment
      this.timer = setTimeout(() => this.send(), RETRY_MS);
    }, RETRY_MS);
  }

  /** The address bar and the links to the other pages follow the settings; dragging leaves them alone. */
  links(state) {
    const waiting = Object.entries(kept).filter(([name]) => name in this.local);
    const query = waiting.length ? withValues(state, waiting.map(([name, { short }]) => [short, this.local[name]])) : state;
    address.write(query);
    for (const link of document.querySelectorAll(PAGE_LINK)) {
      const path = (link.getAttribute("href") || "").split("?")[0];
      link.setAttribute("href", `${path}?${query}`);
    }
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest?.("textarea, select, input:not([type=range]):not([type=checkbox]):not([type=radio])")) return;
    const action = this.data?.keys?.[event.key];
    if (!action) return;
    event.preventDefault();
    this.act(action);
  }

  /** Give `parent` one node an item, in order, keeping those that are there (and their focus). */
  arrange(parent, items) {
    const wanted = items.map((item) => {
      let control = this.controls.get(item.name);
      if (!control || control.kind !== item.kind) {
        control?.node.remove();
        control = new KINDS[item.kind](this, item);
        control.kind = item.kind;
        this.controls.set(item.name, control);
      }
      const unconfirmed = item.name in this.local;
      control.update(unconfirmed ? { ...item, value: this.local[item.name] } : item, unconfirmed);
      return control.node;
    });
    const names = new Set(items.map((item) => item.name));
    for (const node of [...parent.children]) {
      if (!wanted.includes(node)) {
        node.remove();
        for (const [name, control] of this.controls) {
          if (control.node === node && !names.has(name)) this.controls.delete(name);
        }
      }
    }
    wanted.forEach((node, index) => parent.children[index] === node || parent.insertBefore(node, parent.children[index] || null));
  }
}

/** A query with some of its values replaced. */
function withValues(query, pairs) {
  const params = new URLSearchParams(query);
  for (const [name, value] of pairs) params.set(name, value);
  return params.toString();
}

class Control {
  constructor(panel, item, className) {
    this.panel = panel;
    this.name = item.name;
    this.node = element("div", `gs-control ${className}`);
    this.node.dataset.name = item.name;
  }

  heading(forId) {
    this.head = element("div", "gs-head", this.node);
    this.label = element("label", "", this.head);
    if (forId) this.label.htmlFor = forId;
  }

  /** The label and, behind a small question mark, the help. */
  describe(item) {
    write(this.label, item.label);
    if (!item.help) return;
    if (!this.help) {
      this.help = element("button", "gs-help", this.head, "?");
      this.tip = element("span", "gs-tip", this.node); // last, so that Tab goes from the help on to the control itself
      this.tip.id = `gs-tip-${this.name}`;
      this.tip.setAttribute("role", "tooltip");
      this.help.setAttribute("aria-describedby", this.tip.id);
      const hint = () => this.node.classList.toggle("gs-hint", this.help.matches(":hover, :focus-visible"));
      for (const type of ["pointerenter", "pointerleave", "focus", "blur"]) this.help.addEventListener(type, hint);
      this.help.addEventListener("click", () => this.node.classList.toggle("gs-open"));
      // It stays while the reader is at one of the terms in it.
      this.node.addEventListener("focusout", ({ relatedTarget }) => {
        if (!this.tip.contains(relatedTarget)) this.node.classList.remove("gs-open");
      });
      this.help.addEventListener("keydown", (event) => event.key === "Escape" && this.help.blur());
    }
    if (this.tip.textContent === item.help) return;
    this.help.setAttribute("aria-label", item.label);
    this.tip.textContent = item.help;
  }
}

class Slider extends Control {
  constructor(panel, item) {
    super(panel, item, "gs-slider");
    this.node.dataset.testid = "live-slider";
    const id = `gs-${item.name}`;
    this.heading(id);
    this.value = element("output", "gs-value", this.head);
    this.value.htmlFor = id;
    this.input = element("input", "", this.node);
    this.input.type = "range";
    this.input.id = id;
    this.meaning = element("div", "gs-meaning", this.node);
    this.meaning.id = `${id}-meaning`;
    this.input.setAttribute("aria-describedby", this.meaning.id);
    this.input.addEventListener("input", () => this.changed(false));
    this.input.addEventListener("change", () => this.changed(true));
    this.input.addEventListener("pointerdown", () => (this.held = true));
    for (const type of ["pointerup", "pointercancel", "blur"]) {
      this.input.addEventListener(type, () => (this.held = false));
    }
  }

  changed(settled) {
    const value = this.chosen();
    this.print(value);
    this.panel.set(this.name, value, settled);
  }

  /** The value under the thumb. With `stops` the track has a place for each of them, evenly spaced. */
  chosen() {
    const place = Number(this.input.value);
    return this.item.stops ? this.item.stops[place] : place;
  }

  /** Where the thumb stands for a value: at the last stop that is not above it. */
  place(value) {
    const { stops } = this.item;
    return stops ? Math.max(0, stops.findLastIndex((stop) => stop <= value)) : value;
  }

  update(item) {
    const held = this.item && this.chosen();
    this.item = item;
    this.describe(item);
    const { input } = this;
    const track = item.stops ? { min: 0, max: item.stops.length - 1, step: 1 } : item;
    for (const name of ["min", "max", "step"]) if (input[name] !== String(track[name])) input[name] = track[name];
    const value = this.held ? held : item.value; // what the reader has moved elsewhere is in it already
    if (Number(input.value) !== this.place(value)) input.value = this.place(value);
    this.print(this.chosen());
    write(this.meaning, item.meaning || "");
    const spoken = item.meaning ? `${this.value.textContent}, ${item.meaning}` : this.value.textContent;
    if (this.spoken !== spoken) input.setAttribute("aria-valuetext", (this.spoken = spoken));
    this.node.classList.toggle("gs-main", Boolean(item.main));
  }

  print(value) {
    const { step, shift = 0, labels } = this.item;
    const digits = (String(step).split(".")[1] || "").length;
    const text = labels ? labels[this.place(value)] : fixed(value + shift, digits);
    const [place, min, max] = [this.input.value, this.input.min, this.input.max].map(Number);
    const share = max > min ? (place - min) / (max - min) : 0;
    write(this.value, text);
    if (this.share !== share) this.input.style.setProperty("--gs-share", (this.share = share));
  }
}

class Choice extends Control {
  constructor(panel, item) {
    super(panel, item, "gs-choice");
    const id = `gs-${item.name}`;
    this.heading(id);
    this.select = element("select", "", this.node);
    this.select.id = id;
    this.select.addEventListener("change", () => {
      if (this.item.action) panel.act({ name: item.name, value: this.select.value });
      else panel.set(item.name, this.select.value, true);
    });
    this.meaning = element("div", "gs-meaning", this.node);
  }

  update(item) {
    this.item = item;
    this.describe(item);
    const signature = JSON.stringify(item.options);
    if (this.signature !== signature) {
      this.signature = signature;
      this.select.replaceChildren(...item.options.map(([value, label]) => new Option(label, value)));
    }
    if (document.activeElement !== this.select || this.select.value !== item.value) this.select.value = item.value;
    write(this.meaning, item.meaning || "");
  }
}

class Segments extends Control {
  constructor(panel, item) {
    super(panel, item, "gs-segments");
    this.heading();
    this.label.id = `gs-${item.name}-label`;
    this.group = element("div", "gs-options", this.node);
    this.group.setAttribute("role", "radiogroup");
    this.group.setAttribute("aria-labelledby", this.label.id);
  }

  update(item) {
    this.describe(item);
    this.group.classList.toggle("gs-vertical", Boolean(item.vertical));
    const signature = JSON.stringify(item.options);
    if (this.signature !== signature) {
      this.signature = signature;
      this.group.replaceChildren();
      for (const [value, label] of item.options) {
        const option = element("label", "gs-option", this.group);
        const input = element("input", "", option);
        Object.assign(input, { type: "radio", name: `gs-${this.name}`, value });
        input.addEventListener("change", () => this.panel.set(this.name, value, true));
        element("span", "", option, label);
      }
    }
    for (const input of this.group.querySelectorAll("input")) input.checked = input.value === item.value;
  }
}

class Toggle extends Control {
  constructor(panel, item) {
    super(panel, item, "gs-toggle");
    const id = `gs-${item.name}`;
    this.heading(id);
    this.input = element("input", "");
    this.head.prepend(this.input);
    Object.assign(this.input, { type: "checkbox", id });
    this.input.setAttribute("role", "switch");
    this.input.addEventListener("change", () => panel.set(item.name, this.input.checked, true));
  }

  update(item) {
    this.describe(item);
    this.input.checked = Boolean(item.value);
  }
}

class Text extends Control {
  constructor(panel, item) {
    super(panel, item, "gs-text");
    const id = `gs-${item.name}`;
    this.heading(id);
    this.input = element("textarea", "", this.node);
    Object.assign(this.input, { id, rows: 3, spellcheck: false });
    this.meaning = element("div", "gs-meaning", this.node);
    this.input.addEventListener("input", () => panel.set(item.name, this.input.value, false));
    this.input.addEventListener("change", () => panel.set(item.name, this.input.value, true));
  }

  update(item, unconfirmed) {
    this.describe(item);
    this.input.placeholder = item.placeholder || "";
    const editing = document.activeElement === this.input;
    if (!unconfirmed && !editing && this.input.value !== item.value) this.input.value = item.value;
    write(this.meaning, item.meaning || "");
  }
}

class File extends Control {
  constructor(panel, item) {
    super(panel, item, "gs-file");
    const id = `gs-${item.name}`;
    this.heading(id);
    this.input = element("input", "", this.node);
    Object.assign(this.input, { type: "file", id });
    this.meaning = element("div", "gs-meaning", this.node);
    this.input.addEventListener("change", () => this.read(this.input.files[0]));
  }

  async read(file) {
    if (!file) return;
    if (file.size > this.item.bytes) {
      this.meaning.textContent = this.item.large;
      this.input.value = "";
      return;
    }
    this.panel.act({ name: this.name, value: await file.text() });
    this.input.value = "";
  }

  update(item) {
    this.item = item;
    this.describe(item);
    this.input.accept = item.accept;
    if (item.meaning !== undefined) this.meaning.textContent = item.meaning;
  }
}

class Button extends Control {
  constructor(panel, item) {
    super(panel, item, "gs-button");
    this.button = element("button", "", this.node);
    this.button.addEventListener("click", () => panel.act({ name: item.action ?? item.name, value: this.item.value ?? true }));
  }

  update(item) {
    this.item = item;
    write(this.button, item.label);
    this.button.disabled = Boolean(item.disabled);
    this.button.title = item.help || "";
  }
}

class Note extends Control {
  constructor(panel, item) {
    super(panel, item, "gs-note");
    this.text = element("p", "", this.node);
  }

  update(item) {
    write(this.text, item.label);
    this.node.classList.toggle("gs-warning", Boolean(item.warning));
  }
}

/** A place among the controls for another component (see training_job), which is told of it. */
class Slot {
  constructor(panel, item) {
    this.node = element("div", "gs-slot");
    this.node.dataset.name = item.name;
    queueMicrotask(() => document.dispatchEvent(new Event("gs-slot")));
  }

  update() {}
}

class Group {
  constructor(panel, item) {
    this.panel = panel;
    this.node = element("details", "gs-group");
    this.node.dataset.name = item.name;
    this.node.open = Boolean(item.open);
    const summary = element("summary", "", this.node);
    this.label = element("span", "", summary);
    this.badge = element("span", "gs-badge", summary);
    this.body = element("div", "gs-body", this.node);
  }

  update(item) {
    write(this.label, item.label);
    write(this.badge, item.badge || "");
    this.badge.hidden = !item.badge;
    this.panel.arrange(this.body, item.items);
  }
}

class Bar extends Group {
  constructor(panel, item) {
    super(panel, item);
    this.node = element("div", "gs-bar");
    this.node.dataset.name = item.name;
    this.body = this.node;
  }

  update(item) {
    this.panel.arrange(this.body, item.items);
  }
}

const KINDS = {
  slider: Slider,
  choice: Choice,
  segments: Segments,
  toggle: Toggle,
  text: Text,
  file: File,
  button: Button,
  note: Note,
  group: Group,
  bar: Bar,
  slot: Slot,
};
