// live_controls: the controls of a page as a component of Streamlit, which carries the reports.
import { component } from "./component.js";
import { conversation } from "./conversation.js";
import { lecture } from "./lecture.js";
import { carry } from "./page_links.js";
import { mount } from "./panel.js";
import "./keys.js";
import "./lecture_ways.js";
import "./patience.js";

/** @import { Told } from "./conversation_types.js" */
/** @import { Call } from "./types.js" */

export default component(mount, (_, /** @type {Call<Told & {lang: string, lecture: boolean}>} */ call) => {
  const { data, parentElement, setStateValue } = call;
  conversation.send = (report) => parentElement.isConnected && setStateValue("live", report);
  conversation.hear(data);
  document.documentElement.lang = data.lang;
  if (!conversation.isLocal("lecture")) lecture.follow(data.lecture);
  carry();
});
