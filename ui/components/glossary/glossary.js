// The glossary: a button in the header, the list of all terms behind it, and the marks of terms on the page.
import { element } from "./dom.js";
import { icon } from "./icon.js";
import { Marks } from "./marks.js";
import { sought } from "./terms.js";

/** @import { Term, Words } from "./types.js" */

const BOOK = "M12 6C9 4 6 4 3 5v14c3-1 6-1 9 1 3-2 6-2 9-1V5c-3-1-6-1-9 1v14";

export class Glossary {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.button = element("button", "gs-tool", parent);
    this.button.dataset.name = "glossary";
    this.button.setAttribute("aria-haspopup", "dialog");
    this.button.append(icon(BOOK));
    this.button.addEventListener("click", () => this.open());
    this.dialog = element("dialog", "gs-glossary", parent);
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    const head = element("div", "gs-glossary-head", this.dialog);
    this.title = element("h2", "", head);
    this.title.id = "gs-glossary-title";
    this.dialog.setAttribute("aria-labelledby", this.title.id);
    this.close = element("button", "", head);
    this.close.addEventListener("click", () => this.dialog.close());
    this.search = element("input", "", this.dialog);
    this.search.type = "text"; // in one for a search Escape would empty it before it closes the list
    this.search.enterKeyHint = "search";
    this.search.addEventListener("input", () => this.list());
    this.status = element("p", "gs-glossary-count", this.dialog);
    this.status.setAttribute("role", "status");
    this.terms = element("dl", "", this.dialog);
    this.terms.tabIndex = 0; // so that the arrow keys can scroll it
    this.marks = new Marks(parent);
    /** @type {Words} */
    this.words = {};
    /** @type {Term[] | undefined} */
    this.all = undefined;
    /** @type {string | undefined} */
    this.lang = undefined;
  }

  destroy() {
    this.dialog.close();
    this.marks.destroy();
  }

  /**
   * Take the language: the words of the page, and the terms as soon as they are there.
   *
   * @param {Words} words
   * @param {string} lang
   */
  async speak(words, lang) {
    const title = words["glossary.title"];
    this.words = words;
    this.title.textContent = this.button.title = title;
    this.button.setAttribute("aria-label", title);
    this.close.textContent = words["glossary.close"];
    this.search.placeholder = words["glossary.search"];
    this.search.setAttribute("aria-label", words["glossary.search"]);
    this.terms.setAttribute("aria-label", title);
    if (lang === this.lang) return;
    this.lang = lang;
    /** @type {{default: Term[]}} */
    const { default: all } = await import(`./glossary_${lang}.js`);
    if (lang !== this.lang) return;
    this.all = all;
    this.marks.take(all, lang);
    this.list();
  }

  open() {
    this.search.value = "";
    this.list();
    this.dialog.showModal();
    this.terms.scrollTop = 0;
    if (!matchMedia("(pointer: coarse)").matches) this.search.focus(); // a phone's keyboard would hide the list
    else this.close.focus();
  }

  list() {
    if (!this.all) return;
    const found = sought(this.all, this.search.value);
    this.terms.replaceChildren(
      ...found.map(({ id, term, other, text }) => {
        const entry = element("div");
        entry.dataset.term = id;
        const name = element("dt", "", entry);
        name.append(term);
        const foreign = element("span", "", name);
        foreign.textContent = other;
        foreign.lang = this.lang === "ko" ? "en" : "ko";
        element("dd", "", entry).textContent = text;
        return entry;
      }),
    );
    this.status.textContent = found.length
      ? this.words["glossary.count"].replace("{count}", String(found.length))
      : this.words["glossary.none"];
  }
}
