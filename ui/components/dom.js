// dom: the nodes of every component. A text is always set as text, never read as HTML.

/**
 * An HTML element, put last in `parent` if there is one. A button never submits a form.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {ParentNode} [parent]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, className, parent, text) {
  const node = document.createElement(tag);
  if (node instanceof HTMLButtonElement) node.type = "button";
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  parent?.append(node);
  return node;
}

/**
 * An SVG element with its attributes, put last in `parent` if there is one.
 *
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean>} [attributes]
 * @param {ParentNode} [parent]
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function shape(tag, attributes = {}, parent) {
  const node = attribute(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes);
  parent?.append(node);
  return node;
}

/**
 * Set attributes by name; returns the node.
 *
 * @template {Element} Node
 * @param {Node} node
 * @param {Record<string, string | number | boolean>} attributes
 */
export function attribute(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  return node;
}

/**
 * Set a text where it differs: the browser lays out again even for the same one.
 *
 * @param {Node} node
 * @param {string} text
 */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * The element of an event, or the nearest one around it, that `selector` matches.
 *
 * @param {Event} event
 * @param {string} selector
 * @returns {(Element & HTMLOrSVGElement) | null}
 */
export function closest(event, selector) {
  return event.target instanceof Element ? event.target.closest(selector) : null;
}
