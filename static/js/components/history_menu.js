/** The menu of a history row: rename in place, delete with undo. Comes with its first use. */

import { CommandError, part, post, word } from "../lib/site.js";
import { deleteConversation } from "./deleting.js";
import { toast } from "./toasts.js";

/** @typedef {import("./history.js").History} History */

export class HistoryMenu {
  /** @type {HTMLElement | null} */
  #row = null;

  /** @param {History} history */
  constructor(history) {
    this.history = history;
    this.menu = part(document, "[data-history-menu]");
    this.menu.addEventListener("click", (event) => this.#chosen(event));
    this.menu.addEventListener("toggle", (event) => this.#toggled(/** @type {ToggleEvent} */ (event)));
    this.menu.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {HTMLElement} button "more" of a row */
  open(button) {
    this.#row = /** @type {HTMLElement} */ (button.closest(".history-item"));
    const { bottom, top, right } = button.getBoundingClientRect();
    this.menu.showPopover();
    const { offsetHeight, offsetWidth } = this.menu;
    const below = bottom + offsetHeight < innerHeight;
    this.menu.style.insetBlockStart = `${below ? bottom + 4 : top - offsetHeight - 4}px`;
    this.menu.style.left = `${Math.max(8, Math.min(right - 32, innerWidth - offsetWidth - 8))}px`;
    part(this.menu, "button").focus();
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

  /** @param {ToggleEvent} event */
  #toggled(event) {
    const button = this.#row?.querySelector("button");
    button?.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "closed" && this.menu.contains(document.activeElement)) button?.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const items = [.../** @type {NodeListOf<HTMLElement>} */ (this.menu.querySelectorAll("[role=menuitem]"))];
    const index = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const places = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: -1 };
    if (!(event.key in places)) return;
    event.preventDefault();
    items.at(places[/** @type {keyof typeof places} */ (event.key)] % items.length)?.focus();
  }

  /** @param {MouseEvent} event */
  #chosen(event) {
    const action = event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest("[data-action]")) : null;
    const row = this.#row;
    if (!action || !row) return;
    this.menu.hidePopover();
    if (action.dataset.action === "rename") this.rename(row);
    else this.remove(row);
  }
}
