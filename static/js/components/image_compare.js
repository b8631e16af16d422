/** Before and after: one picture over the other, and a slider that uncovers it. */

import { part } from "../lib/site.js";

/** @param {HTMLElement} compare */
export function wakeCompare(compare) {
  const slider = /** @type {HTMLInputElement} */ (part(compare, "[data-slider] input"));
  const before = part(compare, "[data-before]");
  for (const one of [before, part(compare, "[data-slider]")]) one.hidden = false;
  const show = () => compare.style.setProperty("--at", `${slider.value}%`);
  slider.addEventListener("input", show);
  show();
}
