// What any part of a page may say to the server. The page's controls hear it; before they are there, nobody does.

const nobody = () => {};

export const conversation = {
  /** change(field, value, settled): the reader sets a value; `settled` is false while something is being dragged. */
  change: nobody,
  /** isLocal(field): whether the server has yet to hear of what the reader set there. */
  isLocal: () => false,
  /** act({name, value}): the reader does something that is no value of a field. */
  act: nobody,
  /** keep(field, value, short): a value that the server need not hear of at once: it goes to the address, under its
   * short name, and along with the next report. */
  keep: nobody,
  /** renew({seq, query, items, parts, notices}): the server shows something new of its own accord. Whether it is shown:
   * not while the reader is at a control. */
  renew: () => false,
  /** refresh(): something that the server takes for shown is not there. */
  refresh: nobody,
  /** wake(): have the whole page run. */
  wake: nobody,
};
