// The conversation of this page with its server: the one thing that controls and parts speak to.
//
// What is said when is decided in converse.js; here it is done. How a report gets to the server is handed in as `send`, and
// what the server says comes in through `hear`: whether Streamlit carries it, a page of our own or a file is not known
// here. A page without Streamlit sets `send`, mounts its parts (part.js) and, if it has any, its controls (panel.js), and
// lets the server be heard.
import { address } from "./address.js";
import { SILENCE, converse } from "./converse.js";
import { Line } from "./line.js";
import { held, parts } from "./parts.js";
import { Stills } from "./still.js";

/** @import { Action, Effect, Happening, News, Packed, Reply, Report, Told } from "./conversation_types.js" */
/** @import { Item } from "./types.js" */
/**
 * What shows the controls: the items, with the values that the server has not confirmed, and a sentence while nobody
 * answers ("" when somebody does); `held` is true while one of them is under the finger.
 *
 * @typedef {{
 *   held: boolean, show: (items: Item[], values: Record<string, unknown>) => void, offline: (sentence: string) => void,
 * }} Controls
 */

class Conversation {
  #state = SILENCE;
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  #timers = new Map();
  #stills = new Stills();
  #line = new Line({
    opened: () => this.#on({ type: "opened" }),
    answered: (answer) => this.#on({ type: "answered", answer: "failed" in answer ? answer : this.#whole(answer) }),
    closed: () => this.#on({ type: "closed" }),
  });

  /**
   * Carries a report to the server.
   *
   * @type {((report: Report) => void) | undefined}
   */
  send;

  /**
   * Has the whole page run, when reports find no answer.
   *
   * @type {(() => void) | undefined}
   */
  wake;

  /**
   * The controls that are on the page.
   *
   * @type {Controls | undefined}
   */
  controls;

  /** What the server said last. */
  get told() {
    return this.#state.told;
  }

  /**
   * The server says where it is: first, and after each report.
   *
   * @param {Told} message
   */
  hear(message) {
    this.#on({ type: "hear", message });
  }

  /**
   * The reader sets a value of a field; `settled` is false while something is being dragged.
   *
   * @param {string} name
   * @param {unknown} value
   * @param {boolean} settled
   */
  change(name, value, settled) {
    this.#on({ type: "change", name, value, settled });
  }

  /**
   * Whether the server has yet to hear of what the reader set there.
   *
   * @param {string} name
   */
  isLocal(name) {
    return name in this.#state.local;
  }

  /**
   * The reader does something that is no value of a field.
   *
   * @param {Action} action
   */
  act(action) {
    this.#on({ type: "act", action });
  }

  /**
   * A value that the server need not hear of at once: it goes to the address, under its short name, and along with the
   * next report.
   *
   * @param {string} name
   * @param {unknown} value
   * @param {string} short
   */
  keep(name, value, short) {
    this.#on({ type: "keep", name, value, short });
  }

  /**
   * The server shows something new of its own accord. Whether it is shown: not while the reader is at a control.
   *
   * @param {Packed<News>} news
   */
  renew(news) {
    return this.#on({ type: "renew", news: this.#whole(news) }).length > 0;
  }

  /** Something that the server takes for shown is not there. */
  refresh() {
    this.#on({ type: "refresh" });
  }

  /**
   * A reply with its items, of which what stands still is sent once.
   *
   * @template {Reply} Of
   * @param {Packed<Of>} reply
   */
  #whole(reply) {
    const items = (reply.items && this.#stills.whole(reply.items)) ?? null;
    return /** @type {Of} */ (/** @type {unknown} */ ({ ...reply, items }));
  }

  /** @param {Happening} happening */
  #on(happening) {
    const shows = Object.fromEntries([...parts].map(([name, part]) => [name, part.value]));
    const [state, effects] = converse(this.#state, { ...happening, held: Boolean(this.controls?.held), shows });
    this.#state = state;
    for (const effect of effects) this.#run(effect);
    return effects;
  }

  /** @param {Effect} effect */
  #run(effect) {
    switch (effect.type) {
      case "report":
        return this.send?.(effect.report);
      case "wake":
        return this.wake?.();
      case "connect":
        return this.#line.open(effect.live);
      case "ask":
        return this.#line.ask({ ...effect.question, has: { items: this.#stills.signature, parts: held() } });
      case "soon":
        return queueMicrotask(() => this.#on({ type: "soon" }));
      case "wait":
        clearTimeout(this.#timers.get(effect.event));
        return this.#timers.set(effect.event, setTimeout(() => this.#on({ type: effect.event }), effect.ms));
      case "cancel":
        return clearTimeout(this.#timers.get(effect.event));
      case "show":
        return this.controls?.show(effect.items, effect.values);
      case "offline":
        return this.controls?.offline(effect.sentence);
      case "draw":
        for (const message of effect.parts) parts.get(message.name)?.show(message);
        if (!effect.parts.length) [...parts.values()].find((part) => part.notify)?.notify?.(effect.notices);
        return;
      case "follow":
        for (const part of parts.values()) part.follow?.(effect.name, effect.value);
        return;
      case "address":
        return address.write(effect.query);
    }
  }
}

export const conversation = new Conversation();
