// The links to the other pages, which are Streamlit's: they carry the settings of the address along.
import { address } from "./address.js";
import { closest } from "./dom.js";

export const PAGE_LINK = 'a[data-testid="stPageLink-NavLink"]';

/** Let the links follow the address; again after Streamlit has made some anew. */
export function carry() {
  for (const link of document.querySelectorAll(PAGE_LINK)) {
    const [path] = (link.getAttribute("href") ?? "").split("?");
    link.setAttribute("href", `${path}${location.search}`);
  }
}

address.followers.add(carry);
// Streamlit may have written a link anew in the meantime: before it is used it is looked at once more.
for (const type of ["pointerover", "focusin"]) {
  document.addEventListener(type, (event) => closest(event, PAGE_LINK) && carry(), true);
}
