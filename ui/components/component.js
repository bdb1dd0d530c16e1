// component: what a component of Streamlit needs around a thing of ours that is mounted in a node and can be taken down.

/** @import { Call } from "./types.js" */

/**
 * A component: `mount(root)` makes its thing where a node has none yet, `show(thing, call)` shows it what has come.
 *
 * @template Data
 * @template {{destroy(): void}} Thing
 * @param {(root: HTMLElement) => Thing} mount
 * @param {(thing: Thing, call: Call<Data>) => void} show
 */
export function component(mount, show) {
  /** @type {WeakMap<HTMLElement, Thing>} */
  const things = new WeakMap();
  return (/** @type {Call<Data>} */ call) => {
    const { parentElement } = call;
    const thing = things.get(parentElement) ?? mount(parentElement);
    things.set(parentElement, thing);
    show(thing, call);
    // Streamlit also calls this when a run was overtaken by the next: only what has left the page is taken down.
    return () =>
      setTimeout(() => {
        if (parentElement.isConnected) return;
        things.delete(parentElement);
        thing.destroy();
      });
  };
}
