// icon: a line drawing of 24 by 24 units in the colour of the text, for a button that has a name beside it.
const SVG = "http://www.w3.org/2000/svg";

export function icon(path) {
  const node = document.createElementNS(SVG, "svg");
  const drawing = {
    viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": 2,
    "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true",
  };
  for (const [name, value] of Object.entries(drawing)) node.setAttribute(name, value);
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  node.append(line);
  return node;
}
