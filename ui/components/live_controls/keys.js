// Single keys that do something: the server says which (KEYS in ui/controls.py). Those that are typed into a text are text.
import { conversation } from "./conversation.js";
import { closest } from "./dom.js";
import { shortcuts } from "./shortcuts.js";

const TYPING = "textarea, select, input:not([type=range], [type=checkbox], [type=radio])";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || closest(event, TYPING)) return;
  const action = shortcuts.on && conversation.told?.keys?.[event.key];
  if (!action) return;
  event.preventDefault();
  conversation.act(action);
});
