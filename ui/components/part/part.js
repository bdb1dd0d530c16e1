// part: a part of the page, of whatever kind, and the only component that draws. Its modules are loaded by its kind.
//
// A message without a body leaves what is shown: the browser has it already, or the server has nothing to show.
import { conversation } from "./conversation.js";
import { parts } from "./parts.js";
import { unpack } from "./wire.js";

const KINDS = {
  figure: () => import("./live_figure.js"),
  drawing: () => import("./step_cell.js"),
  card: () => import("./facts_card.js"),
};
const mounts = new WeakMap();

export default function part({ data, parentElement }) {
  let mount = mounts.get(parentElement);
  if (!mount) mounts.set(parentElement, (mount = new Mount(parentElement)));
  mount.take(unpack(data));
  // Streamlit also calls this when a run was overtaken by the next: only what has left the page is taken down.
  return () => setTimeout(() => parentElement.isConnected || mount.destroy());
}

class Mount {
  constructor(parent) {
    this.parent = parent;
  }

  take(message) {
    if (message.body) this.show(message);
    else this.keep(message);
  }

  async show(message) {
    this.message = message;
    if (!this.part) {
      const { default: Kind } = await KINDS[message.kind]();
      if (this.part || !this.parent.isConnected) return; // the newest message is shown already, or not wanted any more
      this.part = new Kind(this.parent);
    }
    parts.set(message.name, this.part);
    this.part.show(this.message);
  }

  keep({ value, words: { notices } }) {
    if (notices.length) this.part?.notify?.(notices);
    else if (!this.part) conversation.refresh(); // another node than the one that has it
    else if (this.part.value === value) this.part.settle?.();
  }

  destroy() {
    mounts.delete(this.parent);
    if (parts.get(this.message?.name) === this.part) parts.delete(this.message.name);
    this.part?.destroy();
  }
}
