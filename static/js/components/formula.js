/** TeX to MathML: KaTeX comes with the first formula; a formula that was drawn once is copied. */

import { safeMath } from "./sanitise.js";

const KEPT = 500;
const LONGEST = 5_000; // characters; nobody reads a longer formula, and its parsing would hold up the page

/** @type {Promise<typeof globalThis.katex> | null} */
let loading = null;
/** @type {typeof globalThis.katex | null} */
let katex = null;
/** @type {Map<string, DocumentFragment>} */
const drawn = new Map();

/**
 * Draw every formula under `root`; what KaTeX cannot read stays as its TeX. Draws at once when KaTeX is there.
 * @param {ParentNode} root
 * @param {() => void} [after] called when formulas were drawn later, once KaTeX had come
 */
export function drawFormulas(root, after) {
  const formulas = [...root.querySelectorAll(".math:not([data-drawn])")];
  if (formulas.length === 0) return;
  if (katex) {
    for (const formula of formulas) draw(formula);
    return;
  }
  loading ??= import("katex").then(() => globalThis.katex);
  loading.then((loaded) => {
    katex = loaded;
    for (const formula of formulas) draw(formula);
    after?.();
  }, () => {});
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
