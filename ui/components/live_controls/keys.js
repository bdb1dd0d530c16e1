// Single keys that do something: the server says which (KEYS in ui/controls.py). Those that are typed into a text are text.
import { conversation } from "./conversation.js";
import { shortcuts, single } from "./shortcuts.js";

document.addEventListener("keydown", (event) => {
  const action = shortcuts.on && single(event) && conversation.told?.keys?.[event.key];
  if (!action) return;
  event.preventDefault();
  conversation.act(action);
});
