/** The one place where a string becomes elements. Loaded with the first answer. */

import "dompurify";

/** @typedef {{ sanitize(html: string, options: Record<string, unknown>): DocumentFragment }} Purifier */

const purify = /** @type {Purifier} */ (/** @type {any} */ (globalThis).DOMPurify);

const FORBIDDEN = [
  ...["style", "form", "input", "button", "textarea", "select", "option", "dialog", "template", "slot", "object"],
  ...["audio", "video", "source", "track", "map", "area", "marquee", "font", "center"],
];

/** @param {string} html rendered Markdown @returns {DocumentFragment} */
export function safeHtml(html) {
  return purify.sanitize(html, {
    RETURN_DOM_FRAGMENT: true,
    USE_PROFILES: { html: true },
    FORBID_TAGS: FORBIDDEN,
    FORBID_ATTR: ["style", "id", "name", "for", "form"],
    ALLOW_ARIA_ATTR: false,
  });
}

/** @param {string} markup MathML @returns {DocumentFragment} */
export function safeMath(markup) {
  return purify.sanitize(markup, { RETURN_DOM_FRAGMENT: true, USE_PROFILES: { mathMl: true }, FORBID_ATTR: ["style", "id"] });
}
