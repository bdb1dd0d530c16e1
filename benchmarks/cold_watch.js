// Notes when a page that is being loaded has a text, a picture (an embedded page has a still one first), the picture
// that moves, and all that a reader needs to begin. Injected before loading; times are milliseconds from the navigation.
(() => {
  if (window !== window.top) return;
  window.seen = {};
  const shown = (node) => Boolean(node?.getClientRects().length && node.textContent.trim());

  function look() {
    const figure = document.querySelector('[data-testid="live-figure"]');
    const slider = document.querySelector('[data-testid="live-slider"] input');
    if (!(Number(figure?.dataset.drawn) > 0)) return;
    window.seen.live ??= performance.now();
    window.seen.picture ??= window.seen.live;
    if (!shown(figure.querySelector(".gs-sentence")) || !slider) return;
    window.seen.useful = performance.now();
    observer.disconnect();
  }

  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-drawn"] });
  document.addEventListener("load", ({ target }) => {
    if (target instanceof Element && target.closest("picture")) window.seen.picture ??= performance.now();
  }, true);
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) if (name === "first-contentful-paint") window.seen.text = startTime;
  }).observe({ type: "paint", buffered: true });
})();
