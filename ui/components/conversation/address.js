// The address bar holds the settings; whoever shows it elsewhere hears of it when it changes.
export const address = {
  /**
   * What to do when it has changed.
   *
   * @type {Set<() => void>}
   */
  followers: new Set(),

  beside: "", // what else stands there after the settings, as a query of its own

  /**
   * Show `query` instead of the present one, without a new entry in the browser's history.
   *
   * @param {string} query
   */
  write(query) {
    const search = `?${[query, this.beside].filter(Boolean).join("&")}`;
    if (location.search === search) return;
    history.replaceState(history.state, "", `${location.pathname}${search}${location.hash}`);
    for (const follower of this.followers) follower();
  },
};
