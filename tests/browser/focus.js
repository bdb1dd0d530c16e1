// The element that has the focus, as {name, first, seen}, or null; for page.evaluate.
//
// first: false where it has been met before. seen: it, or what stands for it, looks different without the focus.
() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const first = !node.dataset.met;
  node.dataset.met = "1";
  const parts = [node, node.parentElement, node.nextElementSibling, ...node.querySelectorAll("*")].filter(Boolean);
  const looks = () =>
    parts.map((part) => {
      const { outlineStyle, outline, boxShadow, backgroundColor, stroke, strokeWidth } = getComputedStyle(part);
      return [outlineStyle === "none" ? "" : outline, boxShadow, backgroundColor, stroke, strokeWidth];
    }).join("|");
  const focused = looks();
  // What a style sheet says of a slider's thumb cannot be read from the element.
  const thumb = [...document.styleSheets].flatMap(({ cssRules }) => [...cssRules]).some(({ selectorText = "" }) => {
    const [element, part] = selectorText.split("::");
    return part === "-webkit-slider-thumb" && /:focus-visible$/.test(element) && node.matches(element);
  });
  node.blur();
  const rest = looks();
  node.focus();
  const name = node.getAttribute("aria-label") || node.textContent || node.id || node.tagName;
  return { name: name.trim().slice(0, 40), first, seen: focused !== rest || thumb };
};
