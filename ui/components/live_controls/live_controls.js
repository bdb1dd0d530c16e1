// live_controls: the controls of a page as a component of Streamlit, which carries the reports.
import { conversation } from "./conversation.js";
import { lecture } from "./lecture.js";
import { carry } from "./page_links.js";
import { mount } from "./panel.js";
import "./keys.js";
import "./lecture_ways.js";
import "./patience.js";

/** @import { Told } from "./conversation_types.js" */
/** @import { Panel } from "./panel.js" */
/** @import { Call } from "./types.js" */

/** @type {WeakMap<HTMLElement, Panel>} */
const panels = new WeakMap();

/** @param {Call<Told & {lang: string, lecture: boolean}>} call */
export default function liveControls({ data, parentElement, setStateValue }) {
  const panel = panels.get(parentElement) ?? mount(parentElement);
  panels.set(parentElement, panel);
  conversation.send = (report) => parentElement.isConnected && setStateValue("live", report);
  conversation.hear(data);
  document.documentElement.lang = data.lang;
  if (!conversation.isLocal("lecture")) lecture.follow(data.lecture);
  carry();
  return () =>
    setTimeout(() => {
      if (parentElement.isConnected) return;
      panels.delete(parentElement);
      panel.destroy();
    });
}
