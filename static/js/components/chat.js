/** The conversation page: joins what is known (models), what is shown (components) and what is told (socket, commands). */

import { CommandError, get, post } from "../lib/http.js";
import { uuid } from "../lib/ids.js";
import { keep, readJson } from "../lib/storage.js";
import { part } from "../lib/templates.js";
import { word } from "../lib/words.js";
import * as conversation from "../models/conversation.js";
import { textOf } from "../models/events.js";
import { Sender } from "../models/sender.js";
import { Socket, socketUrl } from "../models/socket.js";
import { BarMenu } from "./bar_menu.js";
import { Composer } from "./composer.js";
import { editInPlace } from "./edit.js";
import { Line } from "./line.js";
import { Scroll } from "./scroll.js";
import { Thread } from "./thread.js";
import { toast } from "./toasts.js";

const SIGN_IN = "/accounts/login/";

export class Chat {
  /** @type {conversation.State} */
  #state = conversation.EMPTY;
  /** @type {Socket | null} */
  #socket = null;
  #frame = 0;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.id = element.dataset.conversation ?? "";
    this.path = location.pathname;
    this.line = new Line();
    this.thread = new Thread(part(element, "[data-thread]"), { resized: () => this.scroll?.grown() });
    this.scroll = new Scroll(part(element, "[data-scroller]"), this.thread.room, part(element, "[data-new-below]"));
    this.composer = new Composer(/** @type {HTMLFormElement} */ (part(element, "[data-composer]")), {
      send: (text, target) => this.send(text, target),
      stop: (url) => this.stop(url),
      editLast: () => this.#editLast(),
      resized: () => this.scroll.grown(),
    }, `draft.${this.id || "new"}`);
    this.menu = new BarMenu();
    this.sender = new Sender({
      deliver: (question) => this.#deliver(question),
      accepted: (answer) => this.#accepted(answer),
      refused: (refused) => this.#refused(refused),
      changed: (outbox) => this.#outboxChanged(outbox),
      busy: () => conversation.liveRun(this.#state) !== null,
      online: () => navigator.onLine,
    });
    element.addEventListener("click", (event) => this.#clicked(event));
    addEventListener("online", () => this.#backOnLine());
    addEventListener("pageshow", (event) => event.persisted && this.#socket?.hurry());
    // Back to the start page, which this page was: it is fetched. Going to a place in the page comes by here as well.
    addEventListener("popstate", () => location.pathname === this.path || location.reload());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#socket?.hurry());
  }

  start() {
    if (this.id) this.#watch();
    else this.#state = { ...conversation.EMPTY, known: true };
    this.#present();
    const stored = /** @type {unknown[]} */ (readJson(this.#outboxKey(), []));
    if (stored.length) this.#open();
    this.sender.restore(stored);
    if (matchMedia("(pointer: fine)").matches && !location.hash) this.composer.focus();
  }

  /** The thread is hidden until its end is there as rich text (see thread.css): no flash of source, no jump. */
  async #present() {
    const rest = this.thread.enrich();
    await rest.next();
    this.element.setAttribute("data-ready", "");
    const place = location.hash.startsWith("#m-") ? document.getElementById(location.hash.slice(1)) : null;
    if (place) this.scroll.to(place);
    else this.scroll.toEnd();
    while (!(await rest.next()).done) this.scroll.grown();
  }

  // ---- what a person does ----

  /** @param {string} text @param {import("../models/outbox.js").Target} target */
  send(text, target) {
    const id = uuid();
    this.#open();
    this.sender.add(id, text, target);
    this.composer.clear();
    const question = this.thread.question(id);
    if (question) this.scroll.sent(question);
    this.sender.pump();
  }

  /** @param {string} url of the run that the button stops; the server's own before a snapshot has come */
  async stop(url) {
    await this.#command(url, {});
  }

  /** @param {string} act regenerate, continue or edit @param {string} message @param {Record<string, unknown>} fields */
  async act(act, message, fields = {}) {
    const target = act === "continue" ? {} : this.composer.target;
    const answer = await this.#command(`/messages/${message}/${act}/`, { client_id: uuid(), ...target, ...fields });
    if (answer) this.#become(conversation.absorb(this.#state, answer));
    return answer !== null;
  }

  // ---- what goes out ----

  /** @param {import("../models/outbox.js").Waiting} question @returns {Promise<import("../models/sender.js").Outcome>} */
  async #deliver({ client_id, text, target }) {
    try {
      const answer = await post(this.id ? `/c/${this.id}/messages/` : "/c/", { client_id, text, ...target });
      return { answer };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return { refused: { code: error.code, status: error.status, passing: error.passing, reason: sentence(error) } };
    }
  }

  /** @param {any} answer */
  #accepted(answer) {
    if (!this.id) this.#moveIn(answer);
    this.#become(conversation.absorb(this.#state, answer));
  }

  /** @param {{ code: string, status: number }} refused */
  #refused({ code, status }) {
    if (code === "answer_running") this.#socket?.resync();
    if (status === 401) this.#signIn();
  }

  /** A command that is not a question. @param {string} url @param {Record<string, unknown>} body */
  async #command(url, body) {
    try {
      return await post(url, body);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      if (error.status === 401) this.#signIn();
      else toast(word("failed_action", { reason: sentence(error) }));
      return null;
    }
  }

  // ---- what comes in ----

  #watch() {
    this.#socket = new Socket(socketUrl(`/ws/c/${this.id}/`), {
      heard: (event) => this.#become(conversation.apply(this.#state, event)),
      line: (state) => this.#lineChanged(state),
      ended: (why) => this.#ended(why),
      positions: () => Object.values(this.#state.runs).map(({ id, seq, reasoning_seq }) => ({ run: id, seq, reasoning_seq })),
    });
    this.#socket.open();
  }

  /** @param {import("../models/socket.js").LineState} state */
  #lineChanged(state) {
    this.line.show(state);
    if (state === "open") this.sender.retryPassing();
  }

  #backOnLine() {
    this.#socket?.hurry();
    this.sender.retryPassing();
  }

  /** @param {import("../models/socket.js").Ending} why */
  #ended(why) {
    if (why === "signed_out") this.#signIn();
    else part(this.element, "[data-gone]").hidden = false;
  }

  #signIn() {
    location.assign(`${SIGN_IN}?next=${encodeURIComponent(location.pathname)}`);
  }

  // ---- what is known ----

  /** @param {conversation.State} state */
  #become(state) {
    if (state === this.#state) return;
    this.#state = state;
    if (state.gap) this.#socket?.resync();
    this.sender.arrived(new Set(state.messages.map((message) => message.client_id)));
    // Not with the next frame: a tab in the background has none, and a question may be waiting there.
    if (!conversation.liveRun(state)) queueMicrotask(() => this.sender.pump());
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#show());
  }

  /** @param {import("../models/outbox.js").Outbox} outbox */
  #outboxChanged(outbox) {
    keep(this.#outboxKey(), outbox.length ? JSON.stringify(outbox) : "");
    if (this.#state.known) this.thread.show(this.#state, outbox);
    else this.thread.showPending(outbox);
    this.scroll.grown();
  }

  #outboxKey() {
    return `outbox.${this.id || "new"}`;
  }

  #show() {
    this.#frame = 0;
    const state = this.#state;
    if (!state.known) return;
    this.thread.show(state, this.sender.outbox);
    const run = conversation.liveRun(state);
    this.composer.showBusy(run !== null, run ? `/runs/${run.id}/stop/` : "");
    if (state.conversation) this.menu.show(state.conversation);
    this.scroll.grown();
  }

  /** The first question turns the start page into the conversation's. */
  #open() {
    document.body.classList.remove("chat-start");
  }

  /** @param {{ id: string, url: string }} made */
  #moveIn({ id, url }) {
    keep(this.#outboxKey(), "");
    this.id = id;
    this.composer.rename(`draft.${id}`);
    this.#state = { ...this.#state, conversation: { id, title: "", leaf: null } };
    history.pushState(null, "", url);
    this.path = url;
    this.composer.form.action = `${url}messages/`;
    dispatchEvent(new CustomEvent("chatsite:current", { detail: id }));
    this.#watch();
  }

  // ---- clicks ----

  /** @param {MouseEvent} event */
  #clicked(event) {
    const target = event.target instanceof Element ? event.target.closest("[data-act], [data-edit], [data-outbox], [data-load-older], [data-say]") : null;
    if (!(target instanceof HTMLElement)) return;
    const { act, edit, outbox: what, say } = target.dataset;
    event.preventDefault();
    const message = /** @type {HTMLElement | null} */ (target.closest("[data-message]"))?.dataset.id ?? "";
    if (act) this.#busy(target, this.act(act, message));
    else if (edit !== undefined) this.#edit(message);
    else if (what) this.#unsent(what, target.dataset.clientId ?? "");
    else if (say !== undefined) this.send(say, this.composer.target);
    else this.#busy(target, this.#loadOlder());
  }

  /** @param {HTMLElement} button @param {Promise<unknown>} work */
  async #busy(button, work) {
    button.setAttribute("aria-busy", "true");
    await work.finally(() => button.removeAttribute("aria-busy"));
  }

  /** @param {string} message */
  #edit(message) {
    const view = this.thread.view(message);
    if (!view) return;
    const source = view.message ? textOf(view.message) : view.shownText();
    editInPlace(view.element, source, (text) => this.act("edit", message, { text }));
  }

  #editLast() {
    const last = this.#state.messages.findLast((message) => message.role === "user");
    if (last) this.#edit(last.id);
  }

  /** @param {string} what @param {string} id */
  #unsent(what, id) {
    if (what === "retry") this.sender.retry(id);
    else {
      const question = this.sender.takeBack(id);
      if (question) this.composer.write(question.text);
    }
  }

  async #loadOlder() {
    const first = this.#state.messages[0];
    if (!first) return;
    const older = await get(`/c/${this.id}/messages/?before=${first.id}`).catch(() => null);
    if (!older) return;
    this.#state = conversation.prepend(this.#state, older);
    this.scroll.keepPlace(() => this.thread.show(this.#state, this.sender.outbox));
  }
}

/** @param {CommandError} error */
function sentence(error) {
  return error.message || word(error.passing ? "unreachable" : "unexpected");
}
