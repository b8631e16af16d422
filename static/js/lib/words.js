/** The words that scripts say: read once from the JSON block that the server rendered (templates/_words.html). */

/** @type {Record<string, string> | null} */
let words = null;

/** @returns {Record<string, string>} */
function load() {
  const text = globalThis.document?.getElementById("words")?.textContent;
  return text ? JSON.parse(text) : {};
}

/**
 * The words for `key`, with each {name} replaced. A key that is missing is shown as it is, so that it is noticed.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function word(key, values = {}) {
  words ??= load();
  return fill(words[key] ?? key, values);
}

/**
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
