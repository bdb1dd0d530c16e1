// dom: the nodes of every component. A text is always set as text, never read as HTML.

/** An HTML element, put last in `parent` if there is one. A button never submits a form. */
export function element(tag, className, parent, text) {
  const node = document.createElement(tag);
  if (tag === "button") node.type = "button";
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  parent?.append(node);
  return node;
}

/** An SVG element with its attributes, put last in `parent` if there is one. */
export function shape(tag, attributes = {}, parent) {
  const node = attribute(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes);
  parent?.append(node);
  return node;
}

/** Set attributes by name; returns the node. */
export function attribute(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

/** Set a text where it differs: the browser lays out again even for the same one. */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
