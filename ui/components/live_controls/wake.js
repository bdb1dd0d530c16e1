// wake: asks for a run of the whole page, as only a component outside of every fragment can.
//
// After a restart of the server, or after a long absence, Streamlit's page has a connection again but a session that
// has run nothing: reports from a fragment are then met with silence.
import { conversation } from "./conversation.js";

/** @import { Call } from "./types.js" */

/** @param {Call<null>} call */
export default function wake({ setStateValue }) {
  conversation.wake = () => setStateValue("again", Date.now());
}
