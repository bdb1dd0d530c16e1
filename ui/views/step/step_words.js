// Sentences with fields: "Keeps {f} of {c}".

/**
 * "Keeps {f} of {c}" cut into texts and names: ["Keeps ", {name: "f"}, " of ", {name: "c"}].
 *
 * @param {string} words
 */
export function template(words) {
  return words
    .split(/(\{\w+\})/)
    .filter(Boolean)
    .map((part) => (/^\{\w+\}$/.test(part) ? { name: part.slice(1, -1) } : part));
}

/**
 * `words` with its fields filled.
 *
 * @param {string} words
 * @param {Record<string, unknown>} values
 */
export function fill(words, values) {
  return template(words)
    .map((part) => (typeof part === "string" ? part : values[part.name]))
    .join("");
}
