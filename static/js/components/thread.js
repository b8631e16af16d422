/** The shown branch: one element for each message, kept for as long as it is the same one. */

import { part } from "../lib/site.js";
import { MessageView } from "./message.js";
import { showSiblings } from "./siblings.js";

/** @typedef {import("../models/conversation.js").State} State */

const AT_ONCE = 4; // messages that fill a screen

export class Thread {
  /** @type {Map<string, MessageView>} */
  #views = new Map();

  /**
   * @param {HTMLElement} element
   * @param {{ resized: () => void, pending: (clientId: string) => HTMLElement | undefined }} listener `pending` hands
   *   over the element of a question that was shown before it was sent
   */
  constructor(element, listener) {
    this.element = element;
    this.listener = listener;
    this.room = part(element, "[data-room]");
    for (const message of element.querySelectorAll("[data-message]:not([data-pending])")) {
      const view = new MessageView(/** @type {HTMLElement} */ (message), listener);
      this.#views.set(view.element.dataset.id ?? "", view);
    }
    setInterval(() => this.#tick(), 1000);
  }

  /** Make rich text of what the server wrote, the end first: that is where the reader looks. Yields after the first
   * few, and then after each, so that a long conversation never holds up the page. */
  async *enrich() {
    for (const [index, view] of [...this.#views.values()].reverse().entries()) {
      await view.enrich();
      if (index < AT_ONCE) continue;
      yield;
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  /** @param {State} state */
  show(state) {
    const runs = new Map(Object.values(state.runs).map((run) => [run.message, run]));
    const running = new Set(runs.keys());
    const shown = new Set(state.messages.map((message) => message.id));
    for (const [id, view] of this.#views) {
      if (shown.has(id)) continue;
      view.element.remove();
      this.#views.delete(id);
    }
    /** @type {Element | null} */
    let before = this.#older();
    for (const message of state.messages) {
      if (message.role !== "user" && message.role !== "assistant") continue;
      const view = this.#views.get(message.id) ?? this.#add(message);
      if (view.element.previousElementSibling !== before) {
        if (before) before.after(view.element);
        else this.element.prepend(view.element);
      }
      view.show(message, runs.get(message.id) ?? null);
      showSiblings(view.element, message, running);
      before = view.element;
    }
    this.#older()?.toggleAttribute("hidden", !state.hasOlder);
  }

  /** @param {string} id */
  view(id) {
    return this.#views.get(id) ?? null;
  }

  #older() {
    return this.element.querySelector("[data-older]");
  }

  /** @param {import("../models/events.js").Message} message */
  #add(message) {
    const pending = message.role === "user" && message.client_id ? this.listener.pending(message.client_id) : undefined;
    const view = pending ? this.#arrived(pending) : MessageView.make(message, this.listener);
    this.#views.set(message.id, view);
    return view;
  }

  /** A question that was shown before it was sent becomes the message. @param {HTMLElement} element */
  #arrived(element) {
    for (const name of ["data-pending", "data-why"]) element.removeAttribute(name);
    element.querySelector("[data-unsent]")?.replaceChildren();
    return new MessageView(element, this.listener);
  }

  #tick() {
    for (const view of this.#views.values()) view.tick();
  }
}
