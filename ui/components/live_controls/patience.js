// A page link that is clicked while there is no connection is followed as soon as there is one again.
//
// Streamlit forgets such a click. The last of several counts; a click that opens a tab of its own is the browser's.
import { closest } from "./dom.js";
import { PAGE_LINK } from "./page_links.js";

const STATE = "data-test-connection-state";
/** @type {string | undefined} */
let wanted; // the path of the link
/** @type {MutationObserver | undefined} */
let watch;

document.addEventListener("click", clicked, true);

/** @param {MouseEvent} event */
function clicked(event) {
  const link = closest(event, PAGE_LINK);
  const app = document.querySelector(`.stApp[${STATE}]`);
  if (!(link instanceof HTMLAnchorElement) || !app) return;
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || connected(app)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  wanted = link.pathname;
  watch ??= new MutationObserver(() => connected(app) && follow());
  watch.observe(app, { attributes: true, attributeFilter: [STATE] });
}

function follow() {
  watch?.disconnect();
  watch = undefined;
  const links = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll(PAGE_LINK)]);
  links.find(({ pathname }) => pathname === wanted)?.click();
}

/** @param {Element} app */
function connected(app) {
  return app.getAttribute(STATE) === "CONNECTED";
}
