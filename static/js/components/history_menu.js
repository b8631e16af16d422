/** The menu of a row in the history: rename in place, delete with Undo. Loaded when it is first opened. */

import { CommandError, part, post, word } from "../lib/site.js";
import { deleteConversation } from "./deleting.js";
import { toast } from "./toasts.js";

/** @typedef {import("./history.js").History} History */

export class HistoryMenu {
  /** @type {HTMLElement | null} */
  #opener = null;

  /** @param {History} history */
  constructor(history) {
    this.history = history;
    this.menu = part(document, "[data-history-menu]");
    this.menu.addEventListener("click", (event) => this.#chosen(event));
    this.menu.addEventListener("toggle", (event) => this.#toggled(/** @type {ToggleEvent} */ (event)));
  }

  /** @param {HTMLElement} button of a row */
  open(button) {
    this.#opener = /** @type {HTMLElement} */ (button.closest(".history-item"));
    const { bottom, top, right } = button.getBoundingClientRect();
    this.menu.showPopover();
    const { offsetHeight, offsetWidth } = this.menu;
    const below = bottom + offsetHeight < innerHeight;
    this.menu.style.insetBlockStart = `${below ? bottom + 4 : top - offsetHeight - 4}px`;
    this.menu.style.left = `${Math.min(right - 32, innerWidth - offsetWidth - 8)}px`;
    part(this.menu, "button").focus();
  }

  /** @param {ToggleEvent} event */
  #toggled(event) {
    const button = this.#opener?.querySelector("button");
    button?.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "closed" && this.menu.contains(document.activeElement)) button?.focus();
  }

  /** @param {MouseEvent} event */
  #chosen(event) {
    const action = event.target instanceof Element ? event.target.closest("[data-action]") : null;
    const row = this.#opener;
    if (!action || !row) return;
    this.menu.hidePopover();
    if (/** @type {HTMLElement} */ (action).dataset.action === "rename") this.#rename(row);
    else this.#delete(row);
  }

  /** @param {HTMLElement} row */
  async #delete(row) {
    const id = row.dataset.id ?? "";
    const title = part(row, "bdi").textContent ?? "";
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    if (!(await deleteConversation({ id, title }, id === this.history.current))) return;
    /** @type {HTMLElement | null | undefined} */ (neighbour?.querySelector("a"))?.focus();
    row.remove();
    this.history.hear({ type: "conversation.deleted", conversation: { id } });
  }

  /** @param {HTMLElement} row */
  #rename(row) {
    const title = part(row, "bdi").textContent ?? "";
    const field = document.createElement("input");
    field.className = "history-input";
    field.value = title;
    field.maxLength = 200;
    field.setAttribute("aria-label", word("rename_label"));
    const link = part(row, "a");
    link.hidden = part(row, "button").hidden = true;
    let done = false;
    const close = (/** @type {boolean} */ save) => {
      if (done) return;
      done = true;
      field.remove();
      link.hidden = part(row, "button").hidden = false;
      link.focus();
      if (save && field.value.trim() && field.value !== title) this.#save(row.dataset.id ?? "", field.value);
    };
    field.addEventListener("blur", () => close(true));
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter") close(true);
      if (event.key === "Escape") close(false);
    });
    row.prepend(field);
    field.focus();
    field.select();
  }

  /** @param {string} id @param {string} title */
  async #save(id, title) {
    try {
      const { conversation } = await post(`/c/${id}/rename/`, { title });
      this.history.hear({ type: "conversation.updated", conversation });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      toast(word("failed_action", { reason: error.sentence }));
    }
  }
}
