/** Keys outside fields: from message to message, and every control that names its key (`data-key`). Comes with the first
 * of them; main.js hears it and hands it over. */

import { clone, keep, part, read } from "../lib/site.js";

const SEQUENCE = 1_000; // milliseconds between g and what follows

let began = -SEQUENCE; // when g was pressed; long ago, also for a page that has just begun

/** @param {string} key */
export function press(key) {
  const follows = performance.now() - began < SEQUENCE;
  began = key === "g" && !follows ? performance.now() : -SEQUENCE;
  if (began > 0) return;
  if (follows) control(document, `g ${key}`)?.click();
  else if (key === "?") showShortcuts();
  else if (key === "/") /** @type {HTMLElement | null} */ (document.querySelector("[data-composer] textarea"))?.focus();
  else if (key === "j" || key === "k") go(key === "j" ? 1 : -1);
  else control(here() ?? document, key)?.click();
}

/** The message that has focus, else the last one that has such a thing at all. */
function here() {
  return document.activeElement?.closest("[data-message]") ?? null;
}

/** The control of a key that can be used now; the last one of the page, which is the latest message's.
 * @param {ParentNode} root @param {string} key */
function control(root, key) {
  const found = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)]);
  return found.findLast((one) => !one.hidden && !one.matches(":disabled") && one.getClientRects().length > 0);
}

/** To the next message or the one before; from outside, to the last one. @param {number} step */
function go(step) {
  const messages = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-message]")]);
  const at = messages.findIndex((message) => message.contains(document.activeElement));
  const to = messages[at < 0 ? messages.length - 1 : at + step];
  if (!to) return;
  to.tabIndex = -1;
  to.focus({ preventScroll: true });
  to.scrollIntoView({ block: to.offsetHeight > innerHeight / 2 ? "start" : "nearest" });
}

/** The list of all keys. Single ones can be switched off: they are in the way of speech input. */
export async function showShortcuts() {
  const { withLists } = await import("./choices.js");
  withLists(openShortcuts);
}

function openShortcuts() {
  const dialog = /** @type {HTMLDialogElement} */ (clone("shortcuts"));
  const single = /** @type {HTMLInputElement} */ (part(dialog, "[data-single-keys]"));
  single.checked = read("keys") !== "off";
  single.addEventListener("change", () => keep("keys", single.checked ? "" : "off"));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
