/** Toasts: what happened, and Undo, for eight seconds; longer while somebody looks at them. */

import { clone, part } from "../lib/site.js";

const SHOWN = 8_000;

/**
 * @param {string} words
 * @param {{ label: string, run: () => void } | null} [action]
 */
export function toast(words, action = null) {
  const element = clone("toast");
  part(element, "[data-said]").textContent = words;
  const button = part(element, "[data-action]");
  button.hidden = action === null;
  button.textContent = action?.label ?? "";
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  const close = () => {
    clearTimeout(timer);
    removeEventListener("keydown", onKey);
    element.remove();
  };
  const wait = () => { timer = setTimeout(close, SHOWN); };
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    const typing = event.target instanceof Element && event.target.matches("input, textarea");
    if (!action || typing || event.key !== "z" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    close();
    action.run();
  };
  button.addEventListener("click", () => { close(); action?.run(); });
  for (const type of ["pointerenter", "focusin"]) element.addEventListener(type, () => clearTimeout(timer));
  for (const type of ["pointerleave", "focusout"]) element.addEventListener(type, wait);
  addEventListener("keydown", onKey);
  part(document, "[data-toasts]").replaceChildren(element);
  wait();
}
