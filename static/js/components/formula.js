/** TeX to MathML: KaTeX comes with the first formula; a formula that was drawn once is copied. */

import { safeMath } from "./sanitise.js";

const KEPT = 500;
const LONGEST = 5_000; // characters; nobody reads a longer formula, and its parsing would hold up the page

/** @type {Promise<typeof globalThis.katex | null> | null} */
let loading = null;
/** @type {typeof globalThis.katex | null} */
let katex = null;
/** @type {Map<string, DocumentFragment>} */
const drawn = new Map();

/** Whether KaTeX may be needed soon: it is fetched before the first formula has come to its end. @param {string} text */
export function mayHaveFormulas(text) {
  return /\$\$|\\[([]|\$[^\s\d$]/.test(text); // not for an amount of money
}

/** KaTeX, or nothing where it cannot be had. */
export function formulas() {
  loading ??= import("katex").then(() => (katex = globalThis.katex), () => null);
  return loading;
}

/**
 * Draw every formula under `root`; what KaTeX cannot read stays as its TeX. Draws at once when KaTeX is there.
 * @param {ParentNode} root
 * @param {() => void} [after] called when formulas were drawn later, once KaTeX had come
 */
export function drawFormulas(root, after) {
  const found = [...root.querySelectorAll(".math:not([data-drawn])")];
  if (found.length === 0) return;
  if (katex) {
    for (const formula of found) draw(formula);
    return;
  }
  formulas().then((loaded) => {
    if (!loaded) return;
    for (const formula of found) draw(formula);
    after?.();
  });
}

/** @param {Element} element */
function draw(element) {
  const tex = element.textContent ?? "";
  const display = element.getAttribute("data-math") === "display";
  element.setAttribute("data-drawn", "");
  const markup = drawn.get(`${display} ${tex}`) ?? render(tex, display);
  if (!markup) return;
  element.replaceChildren(markup.cloneNode(true));
  element.setAttribute("data-tex", tex);
}

/** @param {string} tex @param {boolean} display */
function render(tex, display) {
  if (tex.length > LONGEST || !katex) return null;
  const options = { output: "mathml", displayMode: display, throwOnError: true, strict: "ignore", trust: false, maxExpand: 1000, maxSize: 50 };
  try {
    const html = katex.renderToString(tex, options);
    if (drawn.size >= KEPT) drawn.clear();
    const markup = safeMath(plain(html));
    drawn.set(`${display} ${tex}`, markup);
    return markup;
  } catch {
    return null;
  }
}

/** KaTeX's markup without what would be refused or shown twice: style attributes, and the TeX beside the formula.
 * It escapes quotes and angles in everything that comes from the text, so that these patterns meet its own markup only.
 * @param {string} html */
function plain(html) {
  return html
    .replace(/ style="[^"]*"/g, "")
    .replace(/<annotation[^>]*>[^<]*<\/annotation>/g, "")
    .replace(/<\/?semantics>/g, "");
}
