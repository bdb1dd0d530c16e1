// share_menu: the language switch, lecture mode, single keys, the glossary, "Share" (link and QR code) and "Download" in the
// header.
//
// The server is asked one thing at a time: {seq, want, ...}. The answer carries the number; without one we ask
// again, once, for the connection may have been lost.
import { address } from "./address.js";
import { component } from "./component.js";
import { attribute, element } from "./dom.js";
import { Glossary } from "./glossary.js";
import { lecture } from "./lecture.js";
import { shortcuts } from "./shortcuts.js";
import { unpack } from "./wire.js";
import { svg } from "./qr.js";
import { html, pictures, png, slide, wholePictures } from "./export.js";
import { icon } from "./icon.js";
import { snippet } from "./snippet.js";

/** @import { Answer, Call, MenuMessage as Message, Request, Words } from "./types.js" */

const RETRY_MS = 15000; // more than the largest recording takes
const TRIES = 2;
const APP = new URL("../../../", import.meta.url); // of app/static/<version>/share_menu.js

export default component(
  (root) => new Menu(root),
  (menu, /** @type {Call<Uint8Array>} */ { data, setStateValue }) => {
    menu.report = (request) => setStateValue("ask", request);
    menu.receive(/** @type {Message} */ (unpack(data)));
  },
);

class Menu {
  /** @type {Message} */
  message;

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.seq = 0;
    /** @type {Promise<unknown>} */
    this.last = Promise.resolve();
    /** @type {{done: (answer: Answer) => void, failed: (error: Error) => void, numbers: number[]} | undefined} */
    this.waiting = undefined;
    /** @type {(request: object) => void} */
    this.report = () => {};
    this.root = attribute(element("div", "gs-share", parent), { "data-testid": "share-menu" });
    this.languages = attribute(element("div", "gs-languages", this.root), { role: "group" });
    this.lecture = new LectureButton(this);
    this.keys = new Keys(this);
    this.glossary = new Glossary(this.root);
    this.share = new Share(this);
    this.download = new Download(this);
  }

  destroy() {
    this.share.destroy();
    this.download.destroy();
    this.lecture.destroy();
    this.keys.destroy();
    this.glossary.destroy();
    clearTimeout(this.timer);
    this.root.remove();
  }

  /** @param {Message} message */
  receive(message) {
    this.message = message;
    this.speak(message);
    if (!this.waiting || !message.answer || !this.waiting.numbers.includes(message.seq)) return;
    const { done, failed } = this.waiting;
    this.rest();
    if (message.answer.error) failed(new Sentence(message.answer.error));
    else done(message.answer);
  }

  /** @param {Message} message */
  speak({ words, lang, languages }) {
    this.languages.setAttribute("aria-label", words["app.language"]);
    while (this.languages.childElementCount < languages.length) {
      const button = element("button", "gs-language", this.languages);
      button.addEventListener("click", () => this.choose(button.lang));
    }
    languages.forEach(([code, name], index) => {
      const button = /** @type {HTMLElement} */ (this.languages.children[index]);
      Object.assign(button, { lang: code, textContent: name });
      button.dataset.name = `language-${code}`;
      button.setAttribute("aria-pressed", String(code === lang));
    });
    this.lecture.speak(words);
    this.keys.speak(words);
    this.glossary.speak(words, lang);
    this.share.speak(words);
    this.download.speak(words);
  }

  /** @param {string} code */
  choose(code) {
    if (code === this.message.lang) return;
    this.send({ want: "language", value: code });
  }

  /**
   * The server's answer to `request`, which waits until the one before is answered; rejects after the last try.
   *
   * @param {Request} request
   */
  ask(request) {
    const answer = this.last.then(
      () =>
        /** @type {Promise<Answer>} */
        (
          new Promise((done, failed) => {
            this.waiting = { done, failed, numbers: [] };
            this.attempt(request);
          })
        ),
    );
    this.last = answer.catch(() => {});
    return answer;
  }

  /** @param {Request} request */
  attempt(request) {
    if (!this.waiting) return;
    if (this.waiting.numbers.length === TRIES) {
      const { failed } = this.waiting;
      this.rest();
      failed(new Error("no answer"));
      return;
    }
    this.waiting.numbers.push(this.send(request));
    this.timer = setTimeout(() => this.attempt(request), RETRY_MS);
  }

  /** @param {Request} request */
  send(request) {
    this.seq = Math.max(this.seq, this.message.seq) + 1;
    this.report({ seq: this.seq, ...request });
    return this.seq;
  }

  rest() {
    clearTimeout(this.timer);
    this.waiting = undefined;
  }
}

const SCREEN = "M3 4h18M4 4v11h16V4M12 15v5M8 21l4-3 4 3"; // a screen on a stand
const CROSS = "M5 5l14 14M19 5L5 19";
const KEYBOARD = "M3 6h18v12H3zM7 10h.01M12 10h.01M17 10h.01M7 14h10";

/** The way into lecture mode and out of it. */
class LectureButton {
  /** @param {Menu} menu */
  constructor(menu) {
    this.button = attribute(element("button", "gs-tool gs-lecturing", menu.root), { "data-name": "lecture" });
    this.button.addEventListener("click", () => lecture.set(!lecture.on));
    /** @type {Words} */
    this.words = {};
    this.follow = () => this.show();
    lecture.followers.add(this.follow);
    shortcuts.followers.add(this.follow);
  }

  destroy() {
    lecture.followers.delete(this.follow);
    shortcuts.followers.delete(this.follow);
  }

  /** @param {Words} words */
  speak(words) {
    this.words = words;
    this.show();
  }

  show() {
    const label = this.words[lecture.on ? "lecture.leave" : "lecture.enter"];
    const key = lecture.on ? "Esc" : shortcuts.on && "L"; // Escape is no character: it always leads out
    this.button.title = key ? `${label} (${key})` : label;
    this.button.setAttribute("aria-label", label);
    shortcuts.reach(this.button, lecture.on ? "Escape L" : "L");
    this.button.replaceChildren(icon(lecture.on ? CROSS : SCREEN));
  }
}

/** An error whose message is meant for the reader. */
class Sentence extends Error {}

/** A button and the popover that it opens, which focus enters; once focus is elsewhere, the popover closes. */
class Popover {
  /**
   * @param {Menu} menu
   * @param {string} name
   * @param {"dialog" | "menu"} role
   */
  constructor(menu, name, role) {
    this.menu = menu;
    this.node = element("div", "gs-popover", menu.root);
    this.button = attribute(element("button", "gs-open", this.node), { "data-name": name, "aria-expanded": "false" });
    this.panel = attribute(element("div", "gs-panel", this.node), { id: `gs-panel-${name}`, "data-name": `${name}-panel` });
    this.panel.popover = "auto";
    this.panel.tabIndex = -1;
    this.body = attribute(element("div", "gs-panel-body", this.panel), { role });
    this.status = attribute(element("p", "gs-status", this.panel), { role: "status" });
    this.button.setAttribute("aria-controls", this.panel.id);
    this.button.setAttribute("aria-haspopup", role);
    this.button.popoverTargetElement = this.panel;
    this.place = () => this.placed();
    this.panel.addEventListener("beforetoggle", ({ newState }) => this.toggled(newState === "open"));
    this.node.addEventListener("focusout", (event) => {
      if (event.relatedTarget instanceof Node && !this.node.contains(event.relatedTarget)) this.panel.hidePopover();
    });
  }

  destroy() {
    this.toggled(false);
  }

  /** @param {string} label */
  entitle(label) {
    this.button.textContent = label;
    this.body.setAttribute("aria-label", label);
  }

  /**
   * It is about to open, or closed.
   *
   * @param {boolean} open
   */
  toggled(open) {
    this.button.setAttribute("aria-expanded", String(open));
    const change = open ? "addEventListener" : "removeEventListener";
    window[change]("resize", this.place);
    document[change]("scroll", this.place, true);
    if (!open) return;
    this.say("");
    this.placed();
  }

  /** Below the button; the style sheet keeps the panel within the window. */
  placed() {
    const { right, bottom } = this.button.getBoundingClientRect();
    this.panel.style.setProperty("--gs-right", `${right}px`);
    this.panel.style.setProperty("--gs-bottom", `${bottom}px`);
  }

  /** @param {string} text */
  say(text) {
    this.status.textContent = text;
    this.status.hidden = !text;
  }
}

/** The switch of the single keys, and what they do. */
class Keys extends Popover {
  /** @param {Menu} menu */
  constructor(menu) {
    super(menu, "keys", "dialog");
    this.button.className = "gs-tool";
    this.button.append(icon(KEYBOARD));
    const field = element("label", "gs-switch", this.body);
    this.input = attribute(element("input", "", field), { type: "checkbox", role: "switch", "data-name": "shortcuts", autofocus: "" });
    this.input.addEventListener("change", () => shortcuts.set(this.input.checked));
    this.caption = element("span", "", field);
    this.list = attribute(element("p", "", this.body), { id: "gs-keys" });
    this.input.setAttribute("aria-describedby", this.list.id);
    /** @type {Words} */
    this.words = {};
    this.follow = () => this.show();
    shortcuts.followers.add(this.follow);
  }

  destroy() {
    super.destroy();
    shortcuts.followers.delete(this.follow);
  }

  /** @param {string} label */
  entitle(label) {
    this.button.title = label;
    this.button.setAttribute("aria-label", label);
    this.body.setAttribute("aria-label", label);
  }

  /** @param {Words} words */
  speak(words) {
    this.words = words;
    this.entitle(words["keys.title"]);
    this.caption.textContent = words["keys.switch"];
    this.show();
  }

  show() {
    this.input.checked = shortcuts.on;
    this.list.textContent = this.words[shortcuts.on ? "keys.on" : "keys.off"];
  }
}

class Share extends Popover {
  /** @param {Menu} menu */
  constructor(menu) {
    super(menu, "share", "dialog");
    const field = element("label", "gs-link", this.body);
    this.caption = element("span", "", field);
    this.link = attribute(element("input", "", field), { type: "text", readonly: "", "data-name": "link" });
    this.link.addEventListener("focus", () => this.link.select());
    this.copy = attribute(element("button", "gs-item", this.body), { "data-name": "copy", autofocus: "" });
    this.copy.addEventListener("click", () => this.copied(this.link));
    this.notes = element("div", "gs-notes", this.body);
    this.code = attribute(element("div", "gs-code", this.body), { "data-name": "qr" });
    this.embedding = attribute(element("details", "gs-embedding", this.body), { "data-name": "embed" });
    this.embeddingTitle = element("summary", "", this.embedding);
    const how = element("label", "gs-link", this.embedding);
    this.embeddingHow = element("span", "", how);
    this.snippet = attribute(element("textarea", "", how), { readonly: "", rows: 5, spellcheck: "false", "data-name": "snippet" });
    this.snippet.addEventListener("focus", () => this.snippet.select());
    this.copySnippet = attribute(element("button", "gs-item", this.embedding), { "data-name": "copy-snippet" });
    this.copySnippet.addEventListener("click", () => this.copied(this.snippet));
    this.changed = () => this.follow();
  }

  /** @param {Words} words */
  speak(words) {
    this.entitle(words["share.title"]);
    this.caption.textContent = words["share.link"];
    this.copy.textContent = words["share.copy"];
    this.embeddingTitle.textContent = words["share.embed"];
    this.embeddingHow.textContent = words["share.embed_how"];
    this.copySnippet.textContent = words["share.embed_copy"];
  }

  /**
   * While it is open a key may change the settings.
   *
   * @param {boolean} open
   */
  toggled(open) {
    super.toggled(open);
    address.followers.delete(this.changed);
    if (!open) return;
    address.followers.add(this.changed);
    this.follow();
  }

  /** Show the present address, and its code as soon as it is there. */
  async follow() {
    const { words, title, embed } = this.menu.message;
    const link = (this.link.value = location.href);
    this.embedding.hidden = !embed;
    this.snippet.value = embed ? snippet(new URL(`embed/${embed}${location.search}`, APP).href, `${title} · Gatescope`) : "";
    const notes = [
      /^(localhost|127\.[\d.]+|\[::1\])$/.test(location.hostname) && words["share.local"],
      new URLSearchParams(location.search).get("data")?.startsWith("sha:") && words["share.no_data"],
    ].filter((note) => typeof note === "string");
    this.notes.replaceChildren(...notes.map((text) => element("p", "", undefined, text)));
    this.code.replaceChildren();
    try {
      const { qr = [] } = await this.menu.ask({ want: "link", link });
      if (this.link.value !== link) return;
      if (qr.length) this.code.append(svg(qr, words["share.qr"]));
      else this.code.append(element("p", "", undefined, words["share.qr_long"]));
    } catch (error) {
      this.say(error instanceof Sentence ? error.message : words["share.failed"]);
    }
  }

  /**
   * Copy a text. The clipboard is closed to pages over plain http, where the older command still works.
   *
   * @param {HTMLInputElement | HTMLTextAreaElement} field
   */
  async copied(field) {
    const { words } = this.menu.message;
    try {
      await navigator.clipboard.writeText(field.value);
      this.say(words["share.copied"]);
    } catch {
      field.focus();
      field.select();
      this.say(document.execCommand("copy") ? words["share.copied"] : words["share.copy_failed"]);
    }
  }
}

const FILES = ["npz", "csv", "png", "slide", "html", "worksheet", "key"];
/** @type {Record<string, string>} */
const TYPES = { npz: "application/octet-stream", csv: "text/csv;charset=utf-8", worksheet: "text/html;charset=utf-8", key: "text/html;charset=utf-8" };

class Download extends Popover {
  /** @param {Menu} menu */
  constructor(menu) {
    super(menu, "download", "menu");
    this.items = FILES.map((want) => {
      const item = attribute(element("button", "gs-item", this.body), { "data-name": want, role: "menuitem" });
      item.addEventListener("click", () => this.fetch(want));
      return { want, item };
    });
    this.body.addEventListener("keydown", (event) => this.key(event));
  }

  /** @param {Words} words */
  speak(words) {
    this.entitle(words["download.title"]);
    for (const { want, item } of this.items) item.textContent = words[`download.${want}`];
  }

  /** @param {boolean} open */
  toggled(open) {
    super.toggled(open);
    const drawn = pictures().length > 0;
    for (const { want, item } of this.items) {
      item.hidden = want in TYPES && !this.menu.message.recordings;
      item.disabled = item.hidden || (!drawn && !(want in TYPES));
    }
    const [first] = this.enabled();
    for (const { item } of this.items) item.autofocus = item === first;
  }

  enabled() {
    return this.items.map(({ item }) => item).filter((item) => !item.disabled);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const items = this.enabled();
    const at = items.findIndex((item) => item === document.activeElement);
    /** @type {Record<string, number>} */
    const places = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 };
    const next = places[event.key];
    if (next === undefined) return;
    event.preventDefault();
    items[next % items.length].focus();
  }

  /** @param {string} want */
  async fetch(want) {
    if (this.body.hasAttribute("aria-busy")) return;
    const { words, title, lang } = this.menu.message;
    const link = location.href;
    this.say(words["download.preparing"]);
    this.body.setAttribute("aria-busy", "true");
    try {
      const { name = "", file, qr = [] } = await this.menu.ask({ want, link });
      /** @type {Record<string, () => Promise<Blob>>} */
      const makers = {
        png: async () => png(await wholePictures()),
        slide: async () => slide(await wholePictures(), { title, qr }),
        html: async () => html(await wholePictures(), { title, link, lang, words }),
      };
      save(file ? new Blob([file], { type: TYPES[want] }) : await makers[want](), name);
      this.say(words["download.saved"].replace("{name}", () => name));
    } catch (error) {
      console.error(error);
      this.say(error instanceof Sentence ? error.message : words["download.failed"]);
    } finally {
      this.body.removeAttribute("aria-busy");
    }
  }
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
function save(blob, name) {
  const link = element("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
