// embed: the script of a page in somebody's frame (see page.py), where the live socket alone carries the conversation.
//
// The pictures that stand in the page stay until Plotly has drawn the live ones over them. What is dragged goes the way
// of every page. What is reported is asked once more, as settled, and answered by us in the server's place, which keeps
// nothing of its readers: each question holds all.
import { address } from "./address.js";
import { conversation } from "./conversation.js";
import { RETRY_MS } from "./converse.js";
import { element } from "./dom.js";
import { Line } from "./line.js";
import { mount as mountControls } from "./panel.js";
import { mount as mountPart } from "./part.js";
import { parts } from "./parts.js";
import { Stills } from "./still.js";

/** @import { Packed, Reply, Report, Told } from "./conversation_types.js" */
/** @import { Item } from "./types.js" */
/** @typedef {{root: HTMLElement, mounted: ReturnType<typeof mountPart>}} Place */

const LIVE = "live";
const FIELDS = ["slider", "choice", "segments", "toggle", "text"]; // kinds of items that set a value
const ELSEWHERE = ["file", "slot"]; // kinds that need more than questions and answers
const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const stage = /** @type {HTMLElement} */ (main.querySelector(".gs-embed-stage"));
const notes = /** @type {HTMLElement} */ (main.querySelector(".gs-embed-notices"));
const aside = /** @type {HTMLElement} */ (main.querySelector(".gs-embed-controls"));
const { page = "", query = "", controls = "", beside = "", offline = "", failed = "" } = main.dataset;

// The settings in the address, the link and the frame

address.beside = beside;
address.followers.add(() => {
  const settings = new URLSearchParams(location.search);
  for (const name of new URLSearchParams(beside).keys()) settings.delete(name);
  /** @type {HTMLAnchorElement} */ (main.querySelector(".gs-embed-open")).search = settings.toString();
});

new ResizeObserver(() => {
  const height = Math.ceil(main.getBoundingClientRect().height);
  parent.postMessage({ gatescope: { height } }, "*");
}).observe(main);

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", ({ matches }) => {
  stage.classList.toggle("gs-dark", matches); // by which the parts see that their colours have changed
});

// Controls and parts

const panel = mountControls(aside);
conversation.controls = {
  get held() {
    return panel.held;
  },
  show: (items, values) => panel.show(wanted(items), values),
  offline: (sentence) => panel.offline(sentence),
};

/**
 * The items that are shown here.
 *
 * @param {Item[]} items
 * @returns {Item[]}
 */
function wanted(items) {
  if (controls === "0") return [];
  const job = items.some(({ kind }) => kind === "slot"); // the groups beside a job are its settings
  return items.flatMap((item) => {
    if (ELSEWHERE.includes(item.kind)) return [];
    if (controls !== "all" && !FIELDS.includes(item.kind)) return [];
    if (item.kind !== "group" || !item.items) return [item];
    return job ? [] : [{ ...item, items: wanted(item.items) }];
  });
}

/** @type {Map<string, Place>} */
const places = new Map(); // by the names of the parts

/**
 * Show what the server has sent: these parts and no others.
 *
 * @param {Reply["parts"]} messages
 */
function show(messages) {
  for (const [name, { root, mounted }] of places) {
    if (messages.some((message) => message.name === name)) continue;
    mounted.destroy();
    root.remove();
    places.delete(name);
  }
  for (const message of messages) place(message.name).mounted.show(message);
  notes.replaceChildren(); // they stand beside the first part
}

/**
 * The place of a part, which may have been in the page from the beginning.
 *
 * @param {string} name
 */
function place(name) {
  const found = places.get(name);
  if (found) return found;
  const there = /** @type {HTMLElement[]} */ ([...stage.querySelectorAll(":scope > .gs-embed-part")]);
  const root = there.find(({ dataset }) => dataset.name === name) ?? element("div", "gs-embed-part");
  root.dataset.name = name;
  if (!root.isConnected) (there.length ? notes : aside).before(root); // the controls stand below the first picture
  takeOver(root);
  const made = { root, mounted: mountPart(root) };
  places.set(name, made);
  return made;
}

/**
 * What stood in a place gives way to the live part: its words at once, its picture when Plotly has drawn one over it. Until
 * then squares cover those of the picture, under its names; curves that have moved would contradict it.
 *
 * @param {HTMLElement} root
 */
function takeOver(root) {
  const words = [...root.querySelectorAll(":scope > p")];
  const picture = root.querySelector("picture");
  new MutationObserver((_, observer) => {
    const live = /** @type {HTMLElement | null} */ (root.querySelector(":scope > div"));
    const ground = live?.querySelector(".gs-stage");
    for (const word of words) word.remove();
    if (!picture || !live || !ground) return observer.disconnect();
    if (picture.parentElement === root) {
      ground.prepend(picture);
      observer.observe(live, { subtree: true, characterData: true, childList: true, attributeFilter: ["data-drawn"] });
    }
    const { value } = live.gatescope ?? {};
    const moved = value !== undefined && value !== query && !picture.dataset.covered;
    if (live.dataset.drawn === "0" && !moved) return;
    picture.remove();
    observer.disconnect();
  }).observe(root, { childList: true });
}

// The conversation

const stills = new Stills();
const line = new Line({ opened: () => attend(true), answered, closed: () => attend(false) });
let open = false;
let begun = false; // whether the first answer has come
/** @type {Report | undefined} */
let asked; // whose answer is under way
/** @type {Report | undefined} */
let next; // what is to be asked after that
ask();

conversation.send = (report) => {
  const { shown } = report;
  if (shown) queueMicrotask(() => tell(report, { state: shown.query })); // not within what is being said just now
  else {
    next = report;
    ask();
  }
};

/**
 * The line is there, or it is lost: a report that finds no answer comes again.
 *
 * @param {boolean} now
 */
function attend(now) {
  open = now;
  asked = undefined;
  if (open) ask();
  else if (!begun) setTimeout(ask, RETRY_MS);
}

/** Ask for what is wanted, if there is a line and nothing is under way on it. */
function ask() {
  line.open(LIVE);
  if (!open || asked) return;
  if (!begun) line.ask({ page, query, values: {}, settled: true, exact: true });
  else if (next) {
    const { values, action, settled } = (asked = next);
    next = undefined;
    line.ask({ page, query: conversation.told?.state ?? query, values, action, settled, exact: true });
  }
}

/** @param {Packed<Reply> | {failed: true}} answer */
function answered(answer) {
  const report = asked;
  asked = undefined;
  if ("failed" in answer) notify([failed]);
  else if (answer.parts.length) show(answer.parts);
  else notify(answer.notices);
  /** @type {Partial<Told>} */
  const news = "failed" in answer ? {} : { state: answer.query, items: answer.items && stills.whole(answer.items) };
  if (!begun) begin(news);
  else if (report) tell(report, news);
  ask();
}

/**
 * The server is heard for the first time.
 *
 * @param {Partial<Told>} news
 */
function begin(news) {
  begun = true;
  const nothing = { session: "", seq: 0, acted: 0, revision: 0, items: [] };
  conversation.hear({ ...nothing, page, live: LIVE, state: query, settled: true, offline, ...news });
}

/**
 * Let a report be answered, with what is new. Values that could not be taken are given up, and after an action the
 * server's are the newest.
 *
 * @param {Report} report
 * @param {Partial<Told>} news
 */
function tell({ seq, action, settled }, news) {
  const { told } = conversation;
  if (!told) return;
  const { number = told.acted } = action ?? {};
  const revision = told.revision + Number(Boolean(action) || !news.state);
  conversation.hear({ ...told, seq, settled, acted: number, revision, items: null, ...news });
}

/**
 * Say sentences beside what is shown, or where it would stand.
 *
 * @param {string[]} notices
 */
function notify(notices) {
  const part = [...parts.values()].find(({ notify }) => notify);
  if (part) part.notify?.(notices);
  else notes.replaceChildren(...notices.map((notice) => element("p", "gs-notice", undefined, notice)));
}
