/** The shown branch: one element for each message, kept for as long as it is the same one. */

import { partsOf } from "../lib/later.js";
import { part } from "../lib/site.js";
import { inOrder } from "../models/beside.js";
import { MessageView } from "./message.js";
import { showStanding } from "./siblings.js";

/** @typedef {import("../models/conversation.js").State} State */

const AT_ONCE = 4; // messages that fill a screen

export class Thread {
  /** @type {Map<string, MessageView>} */
  #views = new Map();
  #running = ""; // ids of the messages that are being written
  /** What shows answers side by side comes with the first of them. @type {import("./columns.js").Columns | null} */
  #columns = null;
  #fetching = false;
  /** @type {State | null} */
  #state = null;

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
    this.#state = state;
    const runs = new Map(Object.values(state.runs).map((run) => [run.message, run]));
    const running = new Set(runs.keys());
    const others = [...running].join(" ");
    const shown = new Set([...state.messages, ...state.beside].map((message) => message.id));
    const columns = inOrder(state);
    if (columns.length && !this.#columns) this.#fetchColumns();
    const last = columns.length ? state.messages.at(-1) : undefined;
    for (const [id, view] of this.#views) {
      if (shown.has(id)) continue;
      view.element.remove();
      this.#views.delete(id);
    }
    /** @param {MessageView} view @param {import("../models/events.js").Message} message */
    const fill = (view, message) => {
      const same = view.message?.siblings === message.siblings && others === this.#running;
      view.show(message, runs.get(message.id) ?? null);
      if (!same) showStanding(view.element, message, running);
    };
    /** @type {Element | null} */
    let before = this.#older();
    for (const message of state.messages) {
      if (message === last && !this.#columns) break; // what the server wrote stays until they are here
      const view = this.#views.get(message.id) ?? this.#add(message);
      const element = message === last && this.#columns ? this.#columns.element : view.element;
      if (element.previousElementSibling !== before) {
        if (before) before.after(element);
        else this.element.prepend(element);
      }
      view.quiet = false;
      fill(view, message);
      before = element;
    }
    for (const message of this.#columns ? state.beside : []) {
      const view = this.#views.get(message.id) ?? this.#add(message);
      view.quiet = true;
      fill(view, message);
    }
    this.#columns?.show(columns.map((message) => ({ message, element: this.#views.get(message.id)?.element })), last?.id ?? "");
    this.#running = others;
    this.#older()?.toggleAttribute("hidden", !state.hasOlder);
  }

  /** @param {string} id */
  view(id) {
    return this.#views.get(id) ?? null;
  }

  async #fetchColumns() {
    if (this.#fetching) return;
    this.#fetching = true;
    try {
      const [{ Columns }] = await Promise.all([import("./columns.js"), partsOf("/parts/beside/")]);
      this.#columns = new Columns(this.element);
      if (this.#state) this.show(this.#state);
      this.listener.resized();
    } finally {
      this.#fetching = false; // the next event tries again
    }
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
