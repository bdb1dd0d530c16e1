// part: a part of the page, of whatever kind, and the only component that draws. Its modules are loaded by its kind.
//
// A message without a body leaves what is shown: the browser has it already, or the server has nothing to show.
import { component } from "./component.js";
import { conversation } from "./conversation.js";
import { parts } from "./parts.js";
import { unpack } from "./wire.js";

/** @import { Call, Part, Shown } from "./types.js" */
/** @typedef {Shown<never>} Message its body is for its kind to know */

/** @type {Record<Message["kind"], () => Promise<{default: new (parent: HTMLElement) => Part}>>} */
const KINDS = {
  figure: () => import("./live_figure.js"),
  drawing: () => import("./step_cell.js"),
  card: () => import("./facts_card.js"),
};

export default component(mount, (place, /** @type {Call<Uint8Array>} */ { data }) => {
  place.show(/** @type {Message} */ (unpack(data)));
});

/**
 * A place for a part: `show(message)` shows it there, `destroy()` takes it down.
 *
 * @param {HTMLElement} root
 */
export function mount(root) {
  return new Mount(root);
}

class Mount {
  /** @type {Message | undefined} */
  message;
  /** @type {Part | undefined} */
  part;

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.parent = parent;
  }

  /**
   * What is said of the part; where there is something to draw, it is drawn as soon as its modules are there.
   *
   * @param {Message} message
   */
  async show(message) {
    if (!message.body) return this.keep(message);
    this.message = message;
    if (!this.part) {
      const { default: Kind } = await KINDS[message.kind]();
      if (this.part || !this.parent.isConnected) return; // the newest message is shown already, or not wanted any more
      this.part = new Kind(this.parent);
    }
    parts.set(message.name, this.part);
    this.part.show(this.message);
  }

  /** @param {Message} message */
  keep({ value, words: { notices } }) {
    if (notices.length) this.part?.notify?.(notices);
    else if (!this.part) conversation.refresh(); // another node than the one that has it
    else if (this.part.value === value) this.part.settle?.();
  }

  destroy() {
    const name = this.message?.name ?? "";
    if (parts.get(name) === this.part) parts.delete(name);
    this.part?.destroy();
  }
}
