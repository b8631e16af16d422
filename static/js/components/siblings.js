/** Where a message stands: who says it, what leads to its own page, and "2 / 3" with the way to those beside it. */

import { part } from "../lib/site.js";

/** @typedef {import("../models/events.js").Message} Message */

/**
 * @param {HTMLElement} element of the message
 * @param {Message} message
 * @param {ReadonlySet<string>} running ids of messages that are being written, shown or not
 */
export function showStanding(element, { id, role, siblings, beside }, running) {
  element.dataset.role = role;
  /** @type {HTMLAnchorElement} */ (part(element, "[data-message-menu]")).href = `/messages/${id}/`;
  const answer = /** @type {HTMLButtonElement | null} */ (element.querySelector("[data-act='answer']"));
  if (answer) answer.formAction = `/messages/${id}/answer/`;
  const place = element.querySelector("[data-siblings]");
  if (!(place instanceof HTMLElement)) return;
  const index = siblings.indexOf(id);
  place.hidden = siblings.length < 2 || index < 0;
  if (place.hidden) return;
  part(place, "[data-place]").textContent = `${index + 1} / ${siblings.length}`;
  part(place, "[data-sibling-running]").hidden = !siblings.some((one) => one !== id && running.has(one));
  lead(place, "before", siblings[index - 1]);
  lead(place, "after", siblings[index + 1]);
  lead(place, "companions", beside ? id : undefined);
  part(place, "[data-side=companions]").hidden = !beside;
}

/** @param {HTMLElement} place @param {string} side @param {string} [to] */
function lead(place, side, to) {
  const button = /** @type {HTMLButtonElement} */ (part(place, `[data-side="${side}"]`));
  button.disabled = to === undefined;
  button.dataset.show = to ?? "";
  if (to) button.formAction = `/messages/${to}/show/`;
}
