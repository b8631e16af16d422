/** Writing where a message stands: a question asked differently, a text of one's own. The old one stays as a sibling. */

import { clone, part } from "../lib/site.js";
import { textOf } from "../models/events.js";

/** @typedef {import("./chat.js").Chat} Chat */

/** A question, asked differently. @param {Chat} chat @param {string} id */
export function editQuestion(chat, id) {
  const element = chat.thread.view(id)?.element;
  if (!element) return;
  writeIn(element, clone("edit"), {
    text: sourceOf(chat, id),
    save: (text) => chat.act("edit", id, { text }),
    rescue: (text) => chat.rescue(text),
  });
}

/** A message's text, also before a socket has said anything. @param {Chat} chat @param {string} id */
export function sourceOf(chat, id) {
  const view = chat.thread.view(id);
  return view?.message ? textOf(view.message) : view?.shownText() ?? "";
}

/**
 * @param {HTMLElement} element of the message
 * @param {HTMLElement} form
 * @param {object} how
 * @param {string} [how.text] that is there to begin with: the form takes the message's place then
 * @param {"before" | "after"} [how.side] of the message that the form stands on
 * @param {(text: string, form: HTMLFormElement) => Promise<boolean>} how.save true when it was taken
 * @param {(text: string) => void} how.rescue keep what was written when the message is gone
 */
export function writeIn(element, form, { text = "", side = "after", save, rescue }) {
  if (element.querySelector("[data-edit-form], [data-turn-form]")) return;
  const field = /** @type {HTMLTextAreaElement} */ (part(form, "textarea"));
  const button = part(form, "[type='submit']");
  const before = document.activeElement;
  let saving = false;
  field.value = text;
  const gone = new MutationObserver(() => {
    if (element.isConnected || saving) return;
    gone.disconnect();
    if (field.value.trim() && field.value !== text) rescue(field.value);
  });
  const close = () => {
    gone.disconnect();
    form.remove();
    element.removeAttribute("data-editing");
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!field.value.trim() || saving) return;
    saving = true;
    button.setAttribute("aria-busy", "true");
    const taken = await save(field.value, /** @type {HTMLFormElement} */ (form)).finally(() => { saving = false; });
    button.removeAttribute("aria-busy");
    if (taken) close();
    else if (!element.isConnected) rescue(field.value);
  });
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && !event.shiftKey && event.target === field) {
      event.preventDefault();
      /** @type {HTMLFormElement} */ (form).requestSubmit();
    }
  });
  part(form, "[data-cancel]").addEventListener("click", (event) => {
    event.preventDefault();
    close();
  });
  element.toggleAttribute("data-editing", text !== "");
  if (side === "before") element.prepend(form);
  else element.append(form);
  if (element.parentNode) gone.observe(element.parentNode, { childList: true });
  field.focus();
  field.setSelectionRange(text.length, text.length);
}
