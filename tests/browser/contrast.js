// Texts on the page that stand out too little from what is behind them, as {count, faint}; for page.evaluate.
() => {
  const rgba = (colour) => {
    const [r, g, b, a = 1] = (colour.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
    return colour.startsWith("color(srgb") ? [r * 255, g * 255, b * 255, a] : [r, g, b, a];
  };
  const over = (top, ground) => [0, 1, 2].map((k) => top[k] * top[3] + ground[k] * (1 - top[3]));
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const luminance = (colour) => {
    const [r, g, b] = colour.map((part) => linear(part / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };

  /** The colour behind a text: all grounds from the nearest opaque one up; in a picture, that of its flag. */
  const ground = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) {
      const flag = at.matches("g.cursor-pointer, g.annotation-text-g") && at.querySelector("rect.bg");
      const { fill, fillOpacity } = flag ? getComputedStyle(flag) : { fillOpacity: 0 };
      const layer = Number(fillOpacity) ? rgba(fill) : rgba(getComputedStyle(at).backgroundColor);
      if (layer[3]) layers.unshift(layer);
      if (layer[3] === 1) break;
    }
    return layers.reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };

  const ratio = (node, style) => {
    const colour = rgba(node instanceof SVGElement ? style.fill : style.color);
    if (node instanceof SVGElement) colour[3] *= Number(style.fillOpacity);
    for (let at = node; at; at = at.parentElement) colour[3] *= Number(getComputedStyle(at).opacity);
    const below = ground(node);
    const [dark, light] = [luminance(over(colour, below)), luminance(below)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  const skipped = [
    "script, style, noscript, select", // not drawn, or drawn by the browser
    ":disabled, [aria-disabled=true]", // WCAG asks nothing of them
    '[data-name="saturation"] .gs-graph', // numbers on coloured dots: tests/figures measures these
  ].join();
  const faint = new Set();
  let count = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement: node } = walker.currentNode;
    if (!/[\p{L}\p{N}]/u.test(data) || node.closest(skipped)) continue;
    if (!node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const { width, height } = node.getBoundingClientRect();
    if (width < 2 || height < 2) continue;
    const style = getComputedStyle(node);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const found = ratio(node, style);
    count += 1;
    if (found < (large ? 3 : 4.5)) faint.add(`${found.toFixed(2)}: ${data.trim().slice(0, 40)}`);
  }
  return { count, faint: [...faint] };
};
