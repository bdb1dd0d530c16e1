// training_job: buttons, progress and messages of a training, and its heartbeat.
//
// Every report carries the owner's token, which this tab keeps over a reload, the number of the stage that is shown, and
// the action that the server has not confirmed yet. A stage that is new comes along with what is said of the training,
// again and again until it is shown: controls and parts change together, and no news is lost. Heartbeats come from a worker's clock, since a hidden page's own is slowed down; none goes out while
// a report is under way, for Streamlit keeps the newest report only.
import { conversation } from "./conversation.js";
import { element, write } from "./dom.js";
import { unpack } from "./wire.js";

const KEEP = "gatescope-owner";
const SLOT = "training_job";
const RETRY_MS = 4000;
const CLOCK = "let id; onmessage = ({ data }) => { clearInterval(id); if (data) id = setInterval(() => postMessage(0), data); };";
const trainings = new WeakMap();

export default function trainingJob({ data, parentElement, setStateValue }) {
  let training = trainings.get(parentElement);
  if (!training) trainings.set(parentElement, (training = new TrainingJob(parentElement)));
  training.report = (state) => setStateValue("live", state);
  training.show(unpack(data));
  return () => setTimeout(() => parentElement.isConnected || training.destroy());
}

class TrainingJob {
  constructor(parent) {
    this.parent = parent;
    this.root = element("section", "gs-job", parent);
    this.root.dataset.testid = "training-job";
    this.buttons = element("div", "gs-job-buttons", this.root);
    this.bar = element("div", "gs-job-bar", this.root);
    this.bar.setAttribute("role", "progressbar");
    this.bar.setAttribute("aria-valuemin", "0");
    this.bar.setAttribute("aria-valuemax", "100");
    element("i", "", this.bar);
    this.status = element("p", "gs-job-status", this.root);
    this.status.setAttribute("role", "status");
    this.detail = element("p", "gs-job-detail", this.root);
    this.notices = element("div", "gs-job-notices", this.root);
    this.notices.setAttribute("role", "status");
    this.links = element("nav", "gs-job-links", this.root);
    element("span", "", this.links);
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
    trainings.delete(this.parent);
    this.root.remove();
  }

  /** Stand among the controls, where they have a place for us. */
  settle() {
    const slot = document.querySelector(`.gs-slot[data-name="${SLOT}"]`);
    if (slot && this.root.parentElement !== slot) slot.append(this.root);
  }

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
    this.bar.setAttribute("aria-valuenow", percent);
    this.bar.firstChild.style.transform = `scaleX(${data.share ?? 0})`;
    write(this.status, data.status);
    write(this.detail, data.detail);
    this.detail.hidden = !data.detail;
    this.say(data.notices);
    this.lead(data);
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

  arrange(wanted) {
    const focused = document.activeElement?.dataset?.name;
    const signature = JSON.stringify(wanted);
    if (this.arranged === signature) return;
    this.arranged = signature;
    const had = this.buttons.contains(document.activeElement);
    this.buttons.replaceChildren();
    for (const { name, label, main, disabled } of wanted) {
      const button = element("button", main ? "gs-job-main" : "", this.buttons);
      Object.assign(button, { textContent: label, disabled });
      button.dataset.name = name;
      button.addEventListener("click", () => this.press(name));
    }
    if (had) (this.buttons.querySelector(`[data-name="${focused}"]`) ?? this.buttons.firstElementChild)?.focus();
  }

  say(notices) {
    const text = notices.join("\n");
    if (this.said === text) return;
    this.said = text;
    this.notices.replaceChildren();
    for (const notice of notices) write(element("p", "gs-notice", this.notices), notice);
  }

  lead({ links, links_label }) {
    const signature = JSON.stringify([links, links_label]);
    if (this.led === signature) return;
    this.led = signature;
    this.links.hidden = !links.length;
    write(this.links.firstChild, links_label);
    while (this.links.childElementCount > 1) this.links.lastElementChild.remove();
    for (const { label, href } of links) {
      const link = element("a", "", this.links);
      link.href = href;
      link.target = "_self";
      write(link, label);
    }
  }

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
