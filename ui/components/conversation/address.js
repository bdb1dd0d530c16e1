// The address bar holds the settings; whoever shows it elsewhere hears of it when it changes.
export const address = {
  /**
   * What to do when it has changed.
   *
   * @type {Set<() => void>}
   */
  followers: new Set(),

  /**
   * Show `query` instead of the present one, without a new entry in the browser's history.
   *
   * @param {string} query
   */
  write(query) {
    if (location.search === `?${query}`) return;
    history.replaceState(history.state, "", `${location.pathname}?${query}${location.hash}`);
    for (const follower of this.followers) follower();
  },
};
