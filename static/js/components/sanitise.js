/** The one place where a string becomes elements. Loaded with the first answer. */

import "dompurify";

/** @typedef {{ sanitize(html: string): DocumentFragment, setConfig(options: object): void }} Purifier */

const purify = /** @type {Purifier} */ (/** @type {any} */ (globalThis).DOMPurify);

const HTML = {
  RETURN_DOM_FRAGMENT: true,
  USE_PROFILES: { html: true },
  FORBID_TAGS: [
    ...["style", "form", "input", "button", "textarea", "select", "option", "dialog", "template", "slot", "object"],
    ...["audio", "video", "source", "track", "map", "area", "marquee", "font", "center"],
  ],
  FORBID_ATTR: ["style", "id", "name", "for", "form"],
  ALLOW_ARIA_ATTR: false,
};
const MATHML = { RETURN_DOM_FRAGMENT: true, USE_PROFILES: { mathMl: true }, FORBID_ATTR: ["style", "id"] };

/** What is allowed now. To read a configuration takes longer than to purify a paragraph: it is done when it changes.
 * @type {object | null} */
let allowed = null;

/** @param {string} html rendered Markdown */
export function safeHtml(html) {
  return purified(html, HTML);
}

/** @param {string} markup MathML */
export function safeMath(markup) {
  return purified(markup, MATHML);
}

/** @param {string} markup @param {object} options @returns {DocumentFragment} */
function purified(markup, options) {
  if (allowed !== options) purify.setConfig(options);
  allowed = options;
  return purify.sanitize(markup);
}
