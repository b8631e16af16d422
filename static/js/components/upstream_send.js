/** Sending a file to a provider: what is too large is said before it leaves, and a form that is on its way says so. */

import { part } from "../lib/site.js";

const MOST = 8_000_000; // bytes that one request may have here, with room for the other fields

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-upstream-send]"));
const input = /** @type {HTMLInputElement} */ (part(form, "input[type=file]"));
const own = /** @type {HTMLSelectElement} */ (part(form, "select[name=own]"));
const fault = part(form, "[data-too-large]");
const button = /** @type {HTMLButtonElement} */ (part(form, "button[type=submit]"));

input.addEventListener("change", judge);
form.addEventListener("submit", (event) => {
  if (!judge() || button.getAttribute("aria-busy") === "true") return event.preventDefault();
  button.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => button.removeAttribute("aria-busy")); // come back to with the browser's arrow

/** Whether the chosen file may leave; choosing one here takes back the choice of one's own. */
function judge() {
  const [file] = input.files ?? [];
  const fits = !file || file.size <= MOST;
  if (file) own.value = "";
  fault.hidden = fits;
  input.setAttribute("aria-invalid", String(!fits));
  if (!fits) input.focus();
  return fits;
}
own.addEventListener("change", () => {
  if (own.value) input.value = "";
  judge();
});
