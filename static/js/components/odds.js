/** The heat-map of an answer's words: by pointer or arrow keys, one word at a time is told with what might have stood there. */

import { pieceOf } from "../lib/later.js";
import { word } from "../lib/site.js";

const FAR = 20; // words that Page Up and Page Down pass over

/** Wake a heat-map that the server has drawn. @param {Element} odds */
export function wakeOdds(odds) {
  const words = odds.querySelector("[data-odds-words]");
  if (!(words instanceof HTMLElement)) return;
  const cells = /** @type {HTMLElement[]} */ ([...words.querySelectorAll("[title]")]);
  const rows = /** @type {HTMLTableRowElement[]} */ ([...odds.querySelectorAll("tbody tr")]);
  const said = odds.querySelector("[data-odds-said]");
  words.setAttribute("role", "listbox");
  words.setAttribute("aria-label", words.dataset.label ?? "");
  words.setAttribute("aria-describedby", words.dataset.described ?? "");
  cells.forEach((cell, index) => {
    cell.setAttribute("role", "option");
    cell.setAttribute("aria-selected", "false");
    cell.setAttribute("aria-label", told(rows[index], 2));
    cell.tabIndex = index ? -1 : 0;
  });
  let current = 0;

  /** @param {number} index @param {boolean} focus */
  function choose(index, focus) {
    const cell = cells[index];
    const before = cells[current];
    if (!cell || !before) return;
    before.tabIndex = -1;
    before.setAttribute("aria-selected", "false");
    current = index;
    cell.tabIndex = 0;
    cell.setAttribute("aria-selected", "true");
    if (focus) cell.focus();
    const instead = rows[index]?.cells[3]?.textContent?.trim();
    const text = told(rows[index], 2) + (instead ? ` · ${/** @type {HTMLElement} */ (odds).dataset.instead} ${instead}` : "");
    if (said) said.textContent = text;
    cell.setAttribute("aria-label", text);
  }

  words.addEventListener("focusin", (event) => choose(cells.indexOf(/** @type {HTMLElement} */ (event.target)), false));
  words.addEventListener("pointerover", (event) => choose(cells.indexOf(/** @type {HTMLElement} */ (event.target)), false));
  words.addEventListener("click", (event) => choose(cells.indexOf(/** @type {HTMLElement} */ (event.target)), true));
  words.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: FAR, PageUp: -FAR, Home: -cells.length, End: cells.length }[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    choose(Math.min(Math.max(current + step, 0), cells.length - 1), true);
  });
}

/** A row's word and how likely it was. @param {HTMLTableRowElement | undefined} row @param {number} last */
function told(row, last) {
  return [...(row?.cells ?? [])].slice(1, last + 1).map((cell) => cell.textContent?.trim()).join(" ");
}

/**
 * Show the heat-map of an answer in a place, from a word on.
 * @param {HTMLElement} place
 * @param {string} url
 */
export async function showOdds(place, url) {
  place.setAttribute("aria-busy", "true");
  try {
    const odds = await pieceOf(url, "[data-odds]");
    place.replaceChildren(odds);
    wakeOdds(odds);
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (odds.querySelectorAll("[data-odds-page]"))) {
      const next = new URL(link.getAttribute("href") ?? "", new URL(url, location.href)).href;
      link.href = next;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        showOdds(place, next);
      });
    }
    /** @type {HTMLElement | null} */ (odds.querySelector("[role=option]"))?.focus({ preventScroll: true });
  } catch {
    place.textContent = word("unreachable");
  } finally {
    place.removeAttribute("aria-busy");
  }
}
