/** The menu of a history row: rename in place, delete with undo. Comes with its first use. */

import { CommandError, part, post, word } from "../lib/site.js";
import { deleteConversation, put } from "./deleting.js";
import { Menu } from "./menu.js";
import { toast } from "./toasts.js";

/** @typedef {import("./history.js").History} History */

export class HistoryMenu {
  /** @type {HTMLElement | null} */
  #row = null;

  /** @param {History} history */
  constructor(history) {
    this.history = history;
    this.menu = new Menu(part(document, "[data-history-menu]"), (item) => this.#chosen(item));
  }

  /** @param {HTMLElement} button "more" of a row */
  open(button) {
    this.#row = /** @type {HTMLElement} */ (button.closest(".history-item"));
    const pinned = this.#row.hasAttribute("data-pinned");
    part(this.menu.element, "[data-action=pin]").hidden = pinned;
    part(this.menu.element, "[data-action=unpin]").hidden = !pinned;
    this.menu.open(button);
  }

  /** @param {HTMLElement} row */
  async remove(row) {
    const id = row.dataset.id ?? "";
    const title = part(row, "bdi").textContent ?? "";
    const rows = [...this.history.element.querySelectorAll(".history-item")];
    const index = rows.indexOf(row);
    const neighbour = rows[index + 1] ?? rows[index - 1];
    if (!(await deleteConversation({ id, title }, id === this.history.current))) return;
    this.history.hear({ type: "conversation.deleted", conversation: { id } });
    /** @type {HTMLElement | null | undefined} */ (neighbour?.querySelector("a"))?.focus();
  }

  /** @param {HTMLElement} row */
  rename(row) {
    const title = part(row, "bdi").textContent ?? "";
    const link = part(row, "a");
    const field = Object.assign(document.createElement("input"), { className: "history-input", value: title, maxLength: 200, dir: "auto" });
    field.setAttribute("aria-label", word("rename_label"));
    link.hidden = part(row, "button").hidden = true;
    let done = false;
    const close = (/** @type {boolean} */ save) => {
      if (done) return;
      done = true;
      const focused = document.activeElement === field;
      field.remove();
      link.hidden = part(row, "button").hidden = false;
      if (focused) link.focus();
      if (save && field.value.trim() && field.value !== title) this.#save(row.dataset.id ?? "", field.value);
    };
    field.addEventListener("blur", () => close(true));
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      close(event.key === "Enter");
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

  /** @param {HTMLElement} item */
  #chosen(item) {
    if (!this.#row) return;
    const { action = "" } = item.dataset;
    if (action === "rename") this.rename(this.#row);
    else if (action === "delete") this.remove(this.#row);
    else this.#put(this.#row.dataset.id ?? "", action);
  }

  /** @param {string} id @param {string} action pin, unpin or archive */
  async #put(id, action) {
    const conversation = await put(id, action);
    if (conversation) this.history.hear({ type: "conversation.updated", conversation });
  }
}
