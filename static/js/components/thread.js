/** The shown branch: one element for each message, kept for as long as it is the same one. */

import { part } from "../lib/site.js";
import { MessageView } from "./message.js";
import { showStanding } from "./siblings.js";

/** @typedef {import("../models/conversation.js").State} State */

const AT_ONCE = 4; // messages that fill a screen

export class Thread {
  /** @type {Map<string, MessageView>} */
  #views = new Map();
  #running = ""; // ids of the messages that are being written

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

  /**
   * Make rich text of what the server wrote, the nearest to `place` first: that is where the reader looks. Yields after
   * the first few, and then after each, so that a long conversation never holds up the page.
   * @param {string} place a message's id; the end without one
   * @returns {AsyncGenerator<{ element: HTMLElement, higher: number }>} by how many pixels a message is higher now
   */
  async *enrich(place = "") {
    const views = [...this.#views.values()];
    const at = place ? views.findIndex((view) => view.element.dataset.id === place) : views.length;
    const order = views.map((view, index) => ({ view, far: Math.abs(index - at) })).sort((one, other) => one.far - other.far);
    for (const [index, { view }] of order.entries()) {
      const { element } = view;
      const before = index < AT_ONCE ? 0 : element.offsetHeight;
      await view.enrich();
      if (index < AT_ONCE - 1) continue;
      yield { element, higher: index < AT_ONCE ? 0 : element.offsetHeight - before };
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  /** @param {State} state */
  show(state) {
    const runs = new Map(Object.values(state.runs).map((run) => [run.message, run]));
    const running = new Set(runs.keys());
    const others = [...running].join(" ");
    const shown = new Set(state.messages.map((message) => message.id));
    for (const [id, view] of this.#views) {
      if (shown.has(id)) continue;
      view.element.remove();
      this.#views.delete(id);
    }
    /** @type {Element | null} */
    let before = this.#older();
    for (const message of state.messages) {
      const view = this.#views.get(message.id) ?? this.#add(message);
      if (view.element.previousElementSibling !== before) {
        if (before) before.after(view.element);
        else this.element.prepend(view.element);
      }
      const same = view.message?.siblings === message.siblings && others === this.#running;
      view.show(message, runs.get(message.id) ?? null);
      if (!same) showStanding(view.element, message, running);
      before = view.element;
    }
    this.#running = others;
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
