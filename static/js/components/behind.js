/** What happened for an answer, under it: fetched when somebody looks, as the site's own page about it shows it. */

import { pieceOf } from "../lib/later.js";
import { word } from "../lib/site.js";

/**
 * Fill the slip under an answer, unless it shows this run's already.
 * @param {HTMLElement} slip
 * @param {string} message
 * @param {string} run what it shows changes with each run
 */
export async function showBehind(slip, message, run) {
  const place = slip.querySelector("[data-behind-place]");
  if (!(place instanceof HTMLElement) || place.dataset.run === run) return;
  place.dataset.run = run;
  place.setAttribute("aria-busy", "true");
  try {
    const found = await pieceOf(`/messages/${message}/request/`, "[data-behind]");
    if (place.dataset.run !== run) return;
    place.replaceChildren(found);
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (place.querySelectorAll("[data-probabilities]"))) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        showInPlace(link);
      });
    }
  } catch {
    delete place.dataset.run; // the next time it is opened, it is asked for again
    place.textContent = word("unreachable");
  } finally {
    place.removeAttribute("aria-busy");
  }
}

/** The heat-map takes its link's place. @param {HTMLAnchorElement} link */
async function showInPlace(link) {
  const { showOdds } = await import("./odds.js");
  const place = document.createElement("div");
  place.className = "odds-place";
  (link.closest("p") ?? link).replaceWith(place);
  await showOdds(place, link.href);
}
