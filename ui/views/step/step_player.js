// The step control: a slider, the arrow keys, play and pause, speed. All of it stays in the browser.
import { closest, element } from "./dom.js";
import { shortcuts } from "./shortcuts.js";
import { PHASES } from "./step_layout.js";
import { fill } from "./step_words.js";

/** @import { Words } from "./types.js" */

const SPEEDS = [0, 1, 4, 12, 60]; // steps a second; 0 plays slowly, one part of a step after the other
const PHASE_MS = 520;
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

export class Player {
  /** @type {Words} */
  words;

  /**
   * `move` is called for a new step, `phase` for the part of it that is shown.
   *
   * @param {HTMLElement} parent
   * @param {{move: (step: number, settled: boolean) => void, phase: (index: number | undefined) => void}} calls
   */
  constructor(parent, { move, phase }) {
    this.move = move;
    this.phase = phase;
    this.step = 0;
    this.steps = 1;
    this.playing = false;
    this.frame = 0;
    /** @type {number | undefined} */
    this.begun = undefined; // when the present step was reached
    /** @type {string | undefined} */
    this.slowest = undefined; // what the slowest speed is called
    /** @type {string | undefined} */
    this.said = undefined;
    this.root = element("div", "gs-player", parent);
    this.button = element("button", "gs-play", this.root);
    this.icon = element("span", "gs-play-icon", this.button);
    this.input = element("input", "gs-scrub", this.root);
    Object.assign(this.input, { type: "range", min: "0", step: "1", id: "gs-step" });
    this.input.dataset.testid = "step-slider";
    shortcuts.reach(this.input, "ArrowLeft ArrowRight Shift+ArrowLeft Shift+ArrowRight");
    this.text = element("output", "gs-at", this.root);
    this.text.htmlFor = "gs-step";
    this.at = this.text.appendChild(document.createTextNode("")); // changed in place: new nodes cost the page a new style
    this.speed = element("select", "gs-speed", parent);
    this.button.addEventListener("click", () => this.toggle());
    this.input.addEventListener("input", () => this.go(Number(this.input.value), false));
    this.input.addEventListener("change", () => this.go(Number(this.input.value), true));
    this.input.addEventListener("pointerdown", () => this.pause());
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
  }

  destroy() {
    cancelAnimationFrame(this.frame);
    document.removeEventListener("keydown", this.onKey);
  }

  /**
   * @param {{steps: number, words: Words}} message
   * @param {number} step
   */
  update({ steps, words }, step) {
    this.words = words;
    this.steps = steps;
    this.input.max = String(steps - 1);
    this.input.setAttribute("aria-label", words["step.ui.step"]);
    this.speed.setAttribute("aria-label", words["step.ui.speed"]);
    if (this.slowest !== words["step.ui.slowly"]) {
      this.slowest = words["step.ui.slowly"];
      const chosen = this.speed.selectedIndex;
      const labels = SPEEDS.map((count) => (count ? fill(words["step.ui.rate"], { count }) : words["step.ui.slowly"]));
      this.speed.replaceChildren(...labels.map((label, k) => new Option(label, String(SPEEDS[k]))));
      this.speed.selectedIndex = chosen < 0 ? 0 : chosen;
    }
    this.face();
    this.show(step);
  }

  /** @param {number} step */
  show(step) {
    this.step = step;
    if (Number(this.input.value) !== step) this.input.value = String(step);
    const share = this.steps > 1 ? step / (this.steps - 1) : 0;
    this.input.style.setProperty("--gs-share", String(share));
    const text = `t = ${step + 1} / ${this.steps}`;
    if (this.said === text) return;
    this.at.data = this.said = text;
    this.input.setAttribute("aria-valuetext", text);
  }

  /**
   * The reader goes to a step: whatever plays is stopped.
   *
   * @param {number} step
   * @param {boolean} settled
   */
  go(step, settled) {
    this.pause();
    this.move(Math.max(0, Math.min(this.steps - 1, step)), settled);
  }

  toggle() {
    if (this.playing) {
      this.pause();
      return;
    }
    if (this.step >= this.steps - 1) this.move(0, false);
    this.playing = true;
    this.face();
    this.begun = undefined;
    this.frame = requestAnimationFrame((now) => this.tick(now));
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    cancelAnimationFrame(this.frame);
    this.phase(undefined);
    this.face();
    this.move(this.step, true);
  }

  face() {
    const word = this.playing ? this.words["step.ui.pause"] : this.words["step.ui.play"];
    this.button.setAttribute("aria-label", word);
    this.button.title = word;
    this.button.classList.toggle("gs-playing", this.playing);
  }

  /** @param {number} now */
  tick(now) {
    if (!this.playing) return;
    this.begun ??= now;
    const rate = Number(this.speed.value);
    const span = rate ? 1000 / rate : PHASE_MS * (PHASES.length + 0.6);
    const passed = Math.floor((now - this.begun) / span);
    if (passed) {
      this.begun += passed * span;
      this.move(Math.min(this.steps - 1, this.step + passed), false);
    }
    const part = rate ? PHASES.length : Math.floor((now - this.begun) / PHASE_MS);
    this.phase(still.matches || part >= PHASES.length ? undefined : part);
    if (this.step >= this.steps - 1 && part >= PHASES.length) this.pause();
    else this.frame = requestAnimationFrame((next) => this.tick(next));
  }

  /**
   * Arrow keys anywhere on the page but in a field that needs them itself; without shortcuts, on the slider alone.
   *
   * @param {KeyboardEvent} event
   */
  key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !this.root.isConnected) return;
    if (event.target !== this.input && closest(event, "input, select, textarea, summary, [role=radiogroup]")) return;
    const far = event.shiftKey ? 10 : 1;
    /** @type {Record<string, number>} */
    const ways = {
      ArrowLeft: this.step - far,
      ArrowRight: this.step + far,
      PageDown: this.step - 10,
      PageUp: this.step + 10,
      Home: 0,
      End: this.steps - 1,
    };
    const step = ways[event.key];
    if (step === undefined) return;
    const elsewhere = event.target !== this.input;
    if (elsewhere && !(shortcuts.on && event.key.startsWith("Arrow"))) return; // the others scroll the page
    event.preventDefault();
    this.go(step, true);
  }
}
