/** Editing a question where it stands. The old one stays as a sibling. */

import { clone, part } from "../lib/site.js";

/**
 * @param {HTMLElement} element the question
 * @param {string} text
 * @param {(text: string) => Promise<boolean>} save true when it was taken
 */
export function editInPlace(element, text, save) {
  if (element.querySelector("[data-edit-form]")) return;
  const form = clone("edit");
  const field = /** @type {HTMLTextAreaElement} */ (part(form, "textarea"));
  const button = part(form, "[type='submit']");
  field.value = text;
  const close = () => {
    form.remove();
    element.removeAttribute("data-editing");
    /** @type {HTMLElement | null} */ (element.querySelector("[data-edit]"))?.focus();
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!field.value.trim() || button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    if (await save(field.value)) close();
    button.removeAttribute("aria-busy");
  });
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      /** @type {HTMLFormElement} */ (form).requestSubmit();
    }
  });
  part(form, "[data-cancel]").addEventListener("click", (event) => {
    event.preventDefault();
    close();
  });
  element.setAttribute("data-editing", "");
  element.append(form);
  field.focus();
  field.setSelectionRange(text.length, text.length);
}
