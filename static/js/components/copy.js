/** Copy buttons: the icon becomes a tick for a moment, and screen readers are told. */

import { word } from "../lib/site.js";
import { announce } from "./announcer.js";

const SHOWN = 1_500;

/**
 * @param {HTMLElement} button
 * @param {() => string} text
 */
export function copyFrom(button, text) {
  button.addEventListener("click", () => copyNow(button, text()));
}

/** @param {HTMLElement} button the one that was pressed @param {string} text */
export async function copyNow(button, text) {
  const copied = await copy(text);
  announce(word(copied ? "copied" : "not_copied"));
  if (!copied) return;
  button.toggleAttribute("data-done", true);
  setTimeout(() => button.removeAttribute("data-done"), SHOWN);
}

/** @param {string} text @returns {Promise<boolean>} */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text); // no clipboard outside https and localhost
  }
}

/** @param {string} text */
function copyBySelection(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "unseen";
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  return copied;
}
