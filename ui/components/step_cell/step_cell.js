// step_cell: the numbers of one unit at one step.
import { drawings } from "./registry.js";
import { unpack } from "./wire.js";

const views = new WeakMap();

export default function stepCell({ data, parentElement }) {
  let view = views.get(parentElement);
  if (!view) {
    const root = document.createElement("div");
    root.dataset.testid = "step-cell";
    parentElement.append(root);
    view = {
      show(message) {
        root.dataset.name = message.name;
        root.dataset.value = message.value;
        const { step, unit, values } = message;
        root.textContent = Object.entries(values).map(([place, rows]) => `${place} ${rows[step][unit] ?? rows[step][0]}`).join(", ");
      },
      notify() {},
    };
    views.set(parentElement, view);
  }
  const message = unpack(data);
  drawings.set(message.name, view);
  view.show(message);
}
