/** The shown branch and the questions that are on their way: one element each, kept for as long as it is the same one. */

import { clone, part } from "../lib/templates.js";
import { word } from "../lib/words.js";
import { MessageView } from "./message.js";

/** @typedef {import("../models/conversation.js").State} State */
/** @typedef {import("../models/outbox.js").Outbox} Outbox */
/** @typedef {import("../models/outbox.js").Waiting} Waiting */

const AT_ONCE = 4; // messages that fill a screen

export class Thread {
  /** @type {Map<string, MessageView>} */
  #views = new Map();
  /** @type {Map<string, HTMLElement>} */
  #pending = new Map();

  /**
   * @param {HTMLElement} element
   * @param {{ resized: () => void }} listener
   */
  constructor(element, listener) {
    this.element = element;
    this.listener = listener;
    this.room = part(element, "[data-room]");
    for (const message of element.querySelectorAll("[data-message]")) {
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

  /**
   * @param {State} state
   * @param {Outbox} outbox
   */
  show(state, outbox) {
    const runs = new Map(Object.values(state.runs).map((run) => [run.message, run]));
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
      before = view.element;
    }
    this.#older()?.toggleAttribute("hidden", !state.hasOlder);
    this.showPending(outbox);
  }

  /** The element of a question, on its way or arrived. @param {string} clientId */
  question(clientId) {
    return this.#pending.get(clientId) ?? [...this.#views.values()].find((view) => view.message?.client_id === clientId)?.element ?? null;
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
    const pending = message.role === "user" && message.client_id ? this.#pending.get(message.client_id) : undefined;
    const view = pending ? this.#arrived(pending, message.client_id ?? "") : MessageView.make(message, this.listener);
    this.#views.set(message.id, view);
    return view;
  }

  /** A question that was shown before it was sent becomes the message. @param {HTMLElement} element @param {string} id */
  #arrived(element, id) {
    this.#pending.delete(id);
    for (const name of ["data-pending", "data-why"]) element.removeAttribute(name);
    element.querySelector("[data-unsent]")?.replaceChildren();
    return new MessageView(element, this.listener);
  }

  /** Those that arrived are messages by now; those that were taken back go. @param {Outbox} outbox */
  showPending(outbox) {
    const waiting = new Set(outbox.map((one) => one.client_id));
    for (const [id, element] of this.#pending) {
      if (waiting.has(id)) continue;
      this.#pending.delete(id);
      element.remove();
    }
    for (const one of outbox) {
      const element = this.#pending.get(one.client_id) ?? this.#addPending(one);
      this.#describe(element, one);
      if (this.room.previousElementSibling !== element) this.room.before(element);
    }
  }

  /** @param {Waiting} one */
  #addPending(one) {
    const element = clone("question");
    element.setAttribute("data-pending", "");
    element.dataset.clientId = one.client_id;
    part(element, "[data-text]").textContent = one.text;
    this.#pending.set(one.client_id, element);
    return element;
  }

  /** @param {HTMLElement} element @param {Waiting} one */
  #describe(element, one) {
    const why = one.status === "failed" ? one.reason : word(navigator.onLine ? "waits" : "waits_offline");
    if (element.dataset.pending === one.status && element.dataset.why === why) return;
    element.dataset.pending = one.status;
    element.dataset.why = why;
    const place = part(element, "[data-unsent]");
    place.replaceChildren();
    if (one.status === "sending") return;
    const note = clone(one.status === "failed" ? "not-sent" : "waits");
    part(note, "[data-why]").textContent = why;
    for (const button of note.querySelectorAll("[data-outbox]")) /** @type {HTMLElement} */ (button).dataset.clientId = one.client_id;
    place.append(note);
  }

  #tick() {
    for (const view of this.#views.values()) view.tick();
  }
}
