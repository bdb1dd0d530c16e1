// training_job: buttons, progress and messages of a training, and its heartbeat.
//
// Every report carries the owner's token, which this tab keeps over a reload, the number of the stage that is shown, and
// the action that the server has not confirmed yet. A stage that is new comes along with what is said of the training,
// again and again until it is shown: controls and parts change together, and no news is lost. Heartbeats come from a
// worker's clock, since a hidden page's own is slowed down; none goes out while a report is under way, for Streamlit
// keeps the newest report only.
import { component } from "./component.js";
import { conversation } from "./conversation.js";
import { element, write } from "./dom.js";
import { unpack } from "./wire.js";

/** @import { News, Packed } from "./conversation_types.js" */
/** @import { Call } from "./types.js" */
/**
 * What the server says of a training; see ui/views/learning/training.py.
 *
 * @typedef {{
 *   seq: number, owner: string, state: string, stage: number, beat: number | null, fresh: Packed<News> | null,
 *   share: number | null, label: string, status: string, detail: string, notices: string[],
 *   buttons: {name: string, label: string, main: boolean, disabled: boolean}[],
 *   links: {label: string, href: string}[], links_label: string,
 * }} Training
 */
/** @typedef {{seq: number, name: string}} Action */

const KEEP = "gatescope-owner";
const SLOT = "training_job";
const RETRY_MS = 4000;
const CLOCK = "let id; onmessage = ({ data }) => { clearInterval(id); if (data) id = setInterval(() => postMessage(0), data); };";

export default component(
  (root) => new TrainingJob(root),
  (training, /** @type {Call<Uint8Array>} */ { data, setStateValue }) => {
    training.report = (state) => setStateValue("live", state);
    training.show(/** @type {Training} */ (unpack(data)));
  },
);

class TrainingJob {
  /** @type {Training} */
  data;
  /** @type {Action | undefined} */
  action; // that the server has yet to confirm
  /** @type {{seq: number, action: Action | undefined} | undefined} */
  flying; // the report that is under way
  /** @type {number | undefined} */
  stage; // that is shown
  /** @type {number | null | undefined} */
  pace; // of the clock
  /** @type {string | undefined} */
  arranged; // the buttons
  /** @type {string | undefined} */
  said; // the notices
  /** @type {string | undefined} */
  led; // the links

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.owner = "";
    this.sentAt = 0;
    /** @type {(state: object) => void} */
    this.report = () => {};
    this.parent = parent;
    this.root = element("section", "gs-job", parent);
    this.root.dataset.testid = "training-job";
    this.buttons = element("div", "gs-job-buttons", this.root);
    this.bar = element("div", "gs-job-bar", this.root);
    this.bar.setAttribute("role", "progressbar");
    this.bar.setAttribute("aria-valuemin", "0");
    this.bar.setAttribute("aria-valuemax", "100");
    this.done = element("i", "", this.bar);
    this.status = element("p", "gs-job-status", this.root);
    this.status.setAttribute("role", "status");
    this.detail = element("p", "gs-job-detail", this.root);
    this.notices = element("div", "gs-job-notices", this.root);
    this.notices.setAttribute("role", "status");
    this.links = element("nav", "gs-job-links", this.root);
    this.lead = element("span", "", this.links);
    this.seq = 0;
    this.acted = 0;
    this.clock = new Worker(URL.createObjectURL(new Blob([CLOCK], { type: "text/javascript" })));
    this.clock.onmessage = () => this.beat();
    this.onSlot = () => this.settle();
    this.onShow = () => document.hidden || this.beat();
    document.addEventListener("gs-slot", this.onSlot);
    document.addEventListener("visibilitychange", this.onShow);
  }

  destroy() {
    this.clock.terminate();
    document.removeEventListener("gs-slot", this.onSlot);
    document.removeEventListener("visibilitychange", this.onShow);
    this.root.remove();
  }

  /** Stand among the controls, where they have a place for us. */
  settle() {
    const slot = document.querySelector(`.gs-slot[data-name="${SLOT}"]`);
    if (slot && this.root.parentElement !== slot) slot.append(this.root);
  }

  /** @param {Training} data */
  show(data) {
    this.data = data;
    this.settle();
    this.seq = Math.max(this.seq, data.seq);
    if (this.flying && data.seq >= this.flying.seq) {
      if (this.flying.action === this.action) this.action = undefined;
      this.flying = undefined;
    }
    this.root.dataset.state = data.state;
    this.arrange(data.buttons);
    this.bar.hidden = data.share === null;
    const percent = Math.round(100 * (data.share ?? 0));
    this.bar.setAttribute("aria-label", data.label);
    this.bar.setAttribute("aria-valuenow", String(percent));
    this.done.style.transform = `scaleX(${data.share ?? 0})`;
    write(this.status, data.status);
    write(this.detail, data.detail);
    this.detail.hidden = !data.detail;
    this.say(data.notices);
    this.link(data);
    if (this.stage === undefined) this.stage = data.stage; // the whole page has just been drawn
    if (this.stage !== data.stage && data.fresh && conversation.renew(data.fresh)) this.stage = data.stage;
    if (this.pace !== data.beat) this.clock.postMessage((this.pace = data.beat));
    this.introduce();
    if (this.action) this.send();
  }

  /** Keep the server's token for us, or tell it the one that we kept. */
  introduce() {
    let kept;
    try {
      kept = sessionStorage.getItem(KEEP);
      if (!kept) sessionStorage.setItem(KEEP, (kept = this.data.owner));
    } catch {
      kept = this.data.owner; // storage is not allowed here: a reload begins anew
    }
    this.owner = kept;
    if (kept !== this.data.owner) this.send();
  }

  /** @param {Training["buttons"]} wanted */
  arrange(wanted) {
    const active = /** @type {HTMLElement | null} */ (document.activeElement);
    const signature = JSON.stringify(wanted);
    if (this.arranged === signature) return;
    this.arranged = signature;
    const focused = this.buttons.contains(active) ? active?.dataset.name : undefined;
    this.buttons.replaceChildren();
    for (const { name, label, main, disabled } of wanted) {
      const button = element("button", main ? "gs-job-main" : "", this.buttons);
      Object.assign(button, { textContent: label, disabled });
      button.dataset.name = name;
      button.addEventListener("click", () => this.press(name));
    }
    if (focused === undefined) return;
    const buttons = /** @type {HTMLElement[]} */ ([...this.buttons.children]);
    (buttons.find(({ dataset }) => dataset.name === focused) ?? buttons[0])?.focus();
  }

  /** @param {string[]} notices */
  say(notices) {
    const text = notices.join("\n");
    if (this.said === text) return;
    this.said = text;
    this.notices.replaceChildren();
    for (const notice of notices) write(element("p", "gs-notice", this.notices), notice);
  }

  /** @param {Training} data */
  link({ links, links_label }) {
    const signature = JSON.stringify([links, links_label]);
    if (this.led === signature) return;
    this.led = signature;
    this.links.hidden = !links.length;
    write(this.lead, links_label);
    this.links.replaceChildren(this.lead);
    for (const { label, href } of links) {
      const link = element("a", "", this.links);
      link.href = href;
      link.target = "_self";
      write(link, label);
    }
  }

  /** @param {string} name */
  press(name) {
    this.acted = Math.max(this.acted + 1, Date.now());
    this.action = { seq: this.acted, name };
    this.flying = undefined; // the newest report wins, and it is this one
    this.send();
  }

  beat() {
    if (!this.data.beat || !this.parent.isConnected) return;
    this.send();
  }

  send() {
    if (this.flying && Date.now() - this.sentAt < RETRY_MS) return;
    this.seq += 1;
    this.sentAt = Date.now();
    this.flying = { seq: this.seq, action: this.action };
    this.report({ seq: this.seq, owner: this.owner, stage: this.stage, action: this.action ?? null });
  }
}
