// Marks the terms of the glossary where each first stands on the page, and shows what a marked term means.
//
// Sentences change with every value of a drag, so a text is marked only after all texts have stayed the same from one
// look to the next; there is no look while nothing on the page changes. A changed text loses its marks by itself, for
// whoever writes it replaces all that stands in it.
import { closest, element } from "./dom.js";
import { finder } from "./terms.js";

/** @import { Term } from "./types.js" */

const LOOK_MS = 300;
const SHOW_MS = 150; // from the pointer's arrival, so that nothing flickers while it passes
const HIDE_MS = 250; // from its departure, so that it can move into the explanation
// Texts of ours, each written as a whole, in the order in which they may have a term. A part of a page that wants its
// texts marked gives them `data-terms`.
const TEXTS = [".gs-lead, .gs-sentence, [data-terms]", ".gs-rows b", ".gs-rows li > span, .gs-remark", ".gs-tip"];
const ALL = TEXTS.join(", ");
const MARK = "gs-entry";
// What may change a text, or whether it is seen.
const CHANGES = { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["class", "hidden", "open"] };
const states = new WeakMap(); // what was marked in a node: its text, the places of its terms, and how many are marked

export class Marks {
  /** @param {HTMLElement} parent takes the explanations */
  constructor(parent) {
    this.hint = element("div", "gs-explained", parent);
    this.hint.setAttribute("role", "tooltip");
    this.hint.popover = "manual";
    this.name = element("b", "", this.hint);
    this.text = element("span", "", this.hint);
    this.meanings = element("div", "", parent); // what a screen reader says with a term
    this.meanings.hidden = true;
    /** @type {ReturnType<typeof finder> | undefined} */
    this.find = undefined;
    /** @type {Map<string, Term>} */
    this.terms = new Map();
    /** @type {string | undefined} */
    this.seen = undefined; // the texts at the last look
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.next = undefined; // the next look
    /** @type {HTMLElement | undefined} */
    this.shownAt = undefined;
    this.watch = new MutationObserver(() => this.later());
    this.watch.observe(document.documentElement, CHANGES);
    this.leaving = new AbortController();
    const during = { capture: true, signal: this.leaving.signal };
    window.addEventListener("resize", () => this.later(), during);
    document.addEventListener("visibilitychange", () => this.later(), during);
    document.addEventListener("pointerover", (event) => this.over(event), during);
    document.addEventListener("pointerdown", (event) => within(event) || this.hide(), during);
    document.addEventListener("click", (event) => this.click(event), during);
    document.addEventListener("focusin", (event) => this.shown(event), during);
    document.addEventListener("focusout", () => this.hide(), during);
    document.addEventListener("keydown", (event) => this.key(event), during);
    document.addEventListener("scroll", () => this.hide(), during);
  }

  destroy() {
    this.watch.disconnect();
    clearTimeout(this.next);
    this.leaving.abort();
    this.hint.remove();
    this.meanings.remove();
  }

  /**
   * Take the terms of a language.
   *
   * @param {Term[]} terms
   * @param {string} lang
   */
  take(terms, lang) {
    this.find = finder(terms, lang);
    this.terms = new Map(terms.map((term) => [term.id, term]));
    this.meanings.replaceChildren();
    this.later();
  }

  later() {
    this.next ??= setTimeout(() => this.look(), LOOK_MS);
  }

  look() {
    this.next = undefined;
    if (!this.find || document.hidden) return;
    const seen = found(ALL).map((node) => node.textContent).join("\n");
    if (seen !== this.seen) {
      this.seen = seen; // still moving, perhaps
      this.later();
      return;
    }
    this.mark(TEXTS.flatMap(found).filter((node) => node.matches(".gs-tip") || node.checkVisibility()));
    this.watch.takeRecords(); // our own marks
  }

  /**
   * Mark each term once; help texts, which show one at a time, are each a page of their own.
   *
   * @param {HTMLElement[]} texts
   */
  mark(texts) {
    if (!this.find) return;
    const met = new Set();
    for (const node of texts) {
      const known = node.matches(".gs-tip") ? new Set() : met;
      const plain = node.textContent ?? "";
      const wanted = this.find(plain).filter(({ id }) => !known.has(id) && known.add(id));
      const state = `${plain}\n${wanted.map(({ start, id }) => `${start}${id}`)}`;
      const marks = node.getElementsByClassName(MARK);
      if (states.get(node) === `${marks.length}\n${state}`) continue;
      if (wanted.length || marks.length) this.write(node, wanted.map(({ id }) => id));
      states.set(node, `${marks.length}\n${state}`);
    }
  }

  /**
   * Mark the first place of each term of `ids` in a node's own texts.
   *
   * @param {HTMLElement} node
   * @param {string[]} ids
   */
  write(node, ids) {
    for (const mark of node.querySelectorAll(`:scope > .${MARK}`)) {
      const [before, after] = [mark.previousSibling, mark.nextSibling];
      const text = document.createTextNode(mark.textContent ?? "");
      mark.replaceWith(text);
      for (const near of [before, after]) {
        if (!(near instanceof Text)) continue;
        text.data = near === before ? near.data + text.data : text.data + near.data;
        near.remove();
      }
    }
    const wanted = new Set(ids);
    for (const part of [...node.childNodes]) {
      if (!(part instanceof Text) || !this.find) continue;
      const text = part.data;
      const pieces = [];
      let from = 0;
      for (const { start, end, id } of this.find(text)) {
        if (!wanted.delete(id)) continue;
        pieces.push(text.slice(from, start), this.term(id, text.slice(start, end)));
        from = end;
      }
      if (from) part.replaceWith(...pieces.filter(Boolean), text.slice(from));
    }
  }

  /**
   * @param {string} id
   * @param {string} text
   */
  term(id, text) {
    const mark = element("span", MARK, undefined, text);
    mark.tabIndex = 0;
    mark.dataset.term = id;
    mark.setAttribute("role", "button");
    mark.setAttribute("aria-describedby", this.meaning(id));
    return mark;
  }

  /**
   * The id of the hidden text that explains a term.
   *
   * @param {string} id
   */
  meaning(id) {
    const name = `gs-entry-${id}`;
    if (!this.meanings.querySelector(`#${name}`)) {
      const text = element("p", "", this.meanings);
      text.id = name;
      text.textContent = this.terms.get(id)?.text ?? "";
    }
    return name;
  }

  /** @param {PointerEvent} event */
  over(event) {
    if (event.pointerType === "touch") return;
    clearTimeout(this.timer);
    const mark = marked(event);
    if (mark && mark !== this.shownAt) this.timer = setTimeout(() => this.show(mark), SHOW_MS);
    else if (!within(event) && this.shownAt && !this.shownAt.matches(":focus")) {
      this.timer = setTimeout(() => this.hide(), HIDE_MS);
    }
  }

  /** @param {FocusEvent} event */
  shown(event) {
    const mark = marked(event);
    if (mark) this.show(mark);
  }

  /** @param {MouseEvent} event */
  click(event) {
    const mark = marked(event);
    if (!mark) return;
    mark.focus();
    this.show(mark);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const mark = marked(event);
    if (event.key === "Escape" && this.shownAt) this.hide();
    else if (mark && (event.key === "Enter" || event.key === " ")) this.shownAt === mark ? this.hide() : this.show(mark);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {HTMLElement} mark */
  show(mark) {
    clearTimeout(this.timer);
    const entry = this.terms.get(mark.dataset.term ?? "");
    if (!mark.isConnected || !entry) return;
    this.shownAt = mark;
    this.name.textContent = entry.term;
    this.text.textContent = entry.text;
    this.hint.showPopover();
    const place = mark.getClientRects()[0];
    const { clientWidth, clientHeight } = document.documentElement;
    const { offsetWidth, offsetHeight } = this.hint;
    const left = Math.max(8, Math.min(place.left, clientWidth - offsetWidth - 8));
    const below = place.bottom + 6;
    const fits = below + offsetHeight + 8 <= clientHeight || place.top < offsetHeight + 14;
    this.hint.style.left = `${left}px`;
    this.hint.style.top = `${fits ? below : place.top - offsetHeight - 6}px`;
  }

  hide() {
    clearTimeout(this.timer);
    this.shownAt = undefined;
    this.hint.hidePopover();
  }
}

/**
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
function found(selector) {
  return [...document.querySelectorAll(selector)].filter((node) => node instanceof HTMLElement);
}

/** @param {Event} event */
function marked(event) {
  return /** @type {HTMLElement | null} */ (closest(event, `.${MARK}`));
}

/** @param {Event} event */
function within(event) {
  return closest(event, `.${MARK}, .gs-explained`);
}
