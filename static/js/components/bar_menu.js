/** The bar above a conversation: its title, and the menu of what can be done with it. */

import { CommandError, part, post, word } from "../lib/site.js";
import { deleteConversation, put } from "./deleting.js";
import { showTitle } from "./title.js";
import { toast } from "./toasts.js";

export class BarMenu {
  #id = "";
  #title = "";
  /** @type {import("../models/events.js").Summary | undefined} */
  #parameters;

  constructor() {
    this.title = part(document, "[data-title]");
    this.button = part(document, "[data-bar-menu-button]");
    this.menu = part(document, "[data-bar-menu]");
    this.field = /** @type {HTMLInputElement} */ (part(this.menu, "[name='title']"));
    part(this.menu, "[data-rename]").addEventListener("submit", (event) => this.#rename(event));
    part(this.menu, "[data-delete]").addEventListener("submit", (event) => this.#delete(event));
    this.menu.addEventListener("submit", (event) => this.#put(event));
    this.#id = this.menu.dataset.conversation ?? "";
    this.#title = this.field.value;
  }

  /** @param {import("../models/events.js").ConversationFacts} conversation */
  show({ id, title, parameters, pinned = false, archived = false }) {
    this.#id = id;
    this.button.hidden = false;
    /** @type {HTMLAnchorElement} */ (part(this.menu, "[data-turns]")).href = `/c/${id}/turns/`;
    /** @type {HTMLAnchorElement} */ (part(this.menu, "[data-export]")).href = `/c/${id}/export/`;
    const there = { pin: !pinned, unpin: pinned, archive: !archived, unarchive: archived };
    for (const [action, shown] of Object.entries(there)) part(this.menu, `[data-put=${action}]`).hidden = !shown;
    if (parameters && parameters !== this.#parameters) { // a new object with each change, whatever the count
      this.#parameters = parameters;
      dispatchEvent(new CustomEvent("chatsite:parameters", { detail: parameters }));
    }
    if (title === this.#title) return;
    this.#title = title;
    const shown = title || word("untitled");
    this.title.textContent = shown;
    showTitle(shown);
    if (document.activeElement !== this.field) this.field.value = title;
  }

  /** @param {SubmitEvent} event */
  async #rename(event) {
    event.preventDefault();
    try {
      const { conversation } = await post(`/c/${this.#id}/rename/`, { title: this.field.value });
      this.show(conversation);
      this.menu.hidePopover();
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      toast(word("failed_action", { reason: error.message }));
    }
  }

  /** Pinned, archived, or not any more; the socket tells the rest. @param {SubmitEvent} event */
  #put(event) {
    const { put: action } = /** @type {HTMLElement} */ (event.target).dataset;
    if (!action) return;
    event.preventDefault();
    this.menu.hidePopover();
    put(this.#id, action);
  }

  /** @param {SubmitEvent} event */
  #delete(event) {
    event.preventDefault();
    this.menu.hidePopover();
    deleteConversation({ id: this.#id, title: this.#title }, true);
  }
}
