// Notes when a page that is being loaded has a text, a picture, and all that a reader needs to begin. Injected before
// loading; times are milliseconds from the navigation.
(() => {
  if (window !== window.top) return;
  window.seen = {};
  const shown = (node) => Boolean(node?.getClientRects().length && node.textContent.trim());

  function look() {
    const figure = document.querySelector('[data-testid="live-figure"]');
    const slider = document.querySelector('[data-testid="live-slider"] input');
    if (Number(figure?.dataset.drawn) > 0) window.seen.picture ??= performance.now();
    if (window.seen.picture && shown(figure.querySelector(".gs-sentence")) && slider) window.seen.useful ??= performance.now();
    if (window.seen.useful) observer.disconnect();
  }

  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-drawn"] });
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) if (name === "first-contentful-paint") window.seen.text = startTime;
  }).observe({ type: "paint", buffered: true });
})();
