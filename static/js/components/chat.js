/** One conversation on its page: joins what is known (models), what is shown (components) and what is told (socket, commands). */

import { CommandError, get, part, post, signIn, uuid, word } from "../lib/site.js";
import { whom } from "../models/beside.js";
import * as conversation from "../models/conversation.js";
import { Socket, socketUrl } from "../models/socket.js";
import { announce } from "./announcer.js";
import { BarMenu } from "./bar_menu.js";
import { hearClicks } from "./clicks.js";
import { keepPlace, keptPlace } from "./place.js";
import { Scroll } from "./scroll.js";
import { Thread } from "./thread.js";
import { answered } from "./title.js";

/** @typedef {import("./asking.js").Asking} Asking */

const SLOW = 6; // milliseconds, layout included, that showing what came may take in a frame
const LINKED = 120; // pixels from the top of the window, where a message stands that a link names
const SHARE = 3; // beyond them, at most a third of the time goes into it

export class Chat {
  /** @type {conversation.State} */
  #state = conversation.EMPTY;
  /** @type {Socket | null} */
  #socket = null;
  #asked = false; // for a frame
  #restUntil = 0;
  /** @type {Promise<unknown>} */
  #before = Promise.resolve();
  /** Where to go when another branch has come. @type {{ id: string, top: number, side: string } | null} */
  #going = null;
  #held = false; // what is shown stays until another branch has come
  #fetching = false;

  /** @param {Asking} asking what is asked here: the composer, and the questions that are on their way */
  constructor(asking) {
    this.asking = asking;
    this.element = asking.element;
    this.thread = new Thread(part(this.element, "[data-thread]"), {
      resized: () => this.scroll?.grown(),
      pending: (id) => asking.takePending(id),
    });
    this.scroll = new Scroll(part(this.element, "[data-scroller]"), this.thread.room, part(this.element, "[data-new-below]"));
    keepPlace(this.scroll, () => asking.id);
    this.#held = "elsewhere" in this.thread.element.dataset; // a snapshot has only the newest messages
    this.menu = new BarMenu();
    hearClicks(this);
    addEventListener("online", () => this.#socket?.hurry());
    addEventListener("pageshow", (event) => event.persisted && this.#socket?.hurry());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#socket?.hurry());
    if (asking.id) this.#watch();
    else this.#state = { ...conversation.EMPTY, known: true };
    this.#present();
  }

  /** An answer is being written. */
  get busy() {
    return conversation.liveRuns(this.#state).length > 0;
  }

  /** The thread is hidden until what one sees first is there as rich text (see thread.css): no flash of source, no jump. */
  async #present() {
    const named = location.hash.startsWith("#m-") ? location.hash.slice(3) : "";
    const kept = named ? null : keptPlace(this.asking.id);
    const sought = named !== "" && location.search.startsWith("?at=");
    const rest = this.thread.enrich(named || kept?.message);
    await rest.next();
    this.element.setAttribute("data-ready", "");
    const place = this.thread.view(named || (kept?.message ?? ""))?.element;
    const question = this.asking.question();
    this.#held &&= Boolean(place && sought);
    this.#ask();
    if (place && kept) this.scroll.backTo(place, kept.top);
    else if (place && sought) this.#found(place);
    else if (place) this.scroll.to(place);
    else this.scroll.toEnd();
    if (named && !place) this.#goTo({ id: named, top: LINKED, side: "" }); // a link may lead to any message
    if (question) this.scroll.sent(question);
    for await (const { element, higher } of rest) this.scroll.higher(element, higher);
  }

  // ---- what a person does ----

  /** All that is being written here. @param {string} url of the run that the server's own button stops, before a snapshot has come */
  async stop(url) {
    const urls = conversation.liveRuns(this.#state).map(({ id }) => `/runs/${id}/stop/`);
    await Promise.all((urls.length ? urls : [url]).map((one) => this.#post(one, {})));
  }

  /** @param {string} act regenerate, continue or edit @param {string} message @param {Record<string, unknown>} fields */
  async act(act, message, fields = {}) {
    const answer = await this.command(`/messages/${message}/${act}/`, { client_id: uuid(), ...whom(this.#state, act, message, this.asking.composer.target), ...fields });
    if (!answer) return false;
    this.#become(conversation.absorb(this.#state, answer));
    const question = answer.messages.at(-1)?.parent;
    if (act === "continue" || !question) return true;
    this.#show(); // a new branch: its question stands where one that is sent does
    const element = this.thread.view(question)?.element;
    if (element) this.scroll.sent(element);
    return true;
  }

  /** @param {HTMLElement} button of a message, leads to the one beside it */
  showSibling(button) {
    const { show: id = "", side = "", choose } = button.dataset;
    const beside = /** @type {HTMLButtonElement} */ (button).name === "beside";
    if (choose) this.asking.composer.choose({ model_id: choose });
    const top = button.closest("[data-message]")?.getBoundingClientRect().top ?? 0;
    return this.go(`/messages/${id}/show/`, { beside }, { id, top, side });
  }

  /** What was looked for, which the page shows wherever it stands; then its branch comes. @param {HTMLElement} element */
  async #found(element) {
    const { elsewhere } = this.thread.element.dataset;
    const place = { ...(await import("./found.js")).show(this.scroll, element), side: "" };
    if (elsewhere === "above") this.#going = place;
    if (elsewhere === "branch") await this.#goTo(place);
    this.#held = false;
    this.#ask();
  }

  /** To a message of another branch, or far up. @param {{ id: string, top: number, side: string }} place */
  #goTo(place) {
    return this.go(`/messages/${place.id}/show/`, {}, place);
  }

  /**
   * A command that changes which branch is shown, and to a message there: the named one, else the one that it made.
   * @param {string} url
   * @param {Record<string, unknown>} fields
   * @param {{ id?: string, top: number, side?: string }} place
   */
  async go(url, fields, { id, top, side = "" }) {
    const answer = await this.command(url, fields);
    if (!answer) return false;
    this.#going = { id: id ?? answer.messages[0].id, top, side };
    this.#become(conversation.apply(this.#state, { type: "conversation.updated", ...answer }));
    return true;
  }

  /** What was being written at a message that is gone. @param {string} text */
  rescue(text) {
    const { composer } = this.asking;
    composer.write([composer.text, text].filter(Boolean).join("\n\n"));
  }

  editLast() {
    const last = /** @type {HTMLElement | undefined} */ ([...this.element.querySelectorAll("[data-role=user][data-id]")].at(-1));
    if (last?.dataset.id) this.edit(last.dataset.id); // as the page shows it: what is known may still be on its way
  }

  /** @param {string} message a question's id */
  async edit(message) {
    const { editQuestion } = await import("./edit.js");
    editQuestion(this, message);
  }

  /** A command that changes what is shown: after the answer to the one before it, which else would undo it here.
   * @param {string} url @param {Record<string, unknown>} body */
  command(url, body) {
    const answer = this.#before.then(() => this.#post(url, body));
    this.#before = answer.catch(() => {});
    return answer;
  }

  /** @param {string} url @param {Record<string, unknown>} body @returns {Promise<any>} null when it was refused */
  async #post(url, body) {
    try {
      return await post(url, body);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      if (error.code === "message_deleted") this.resync();
      if (error.status === 401) signIn();
      else (await import("./toasts.js")).toast(word("failed_action", { reason: error.sentence }));
      return null;
    }
  }

  // ---- what comes in ----

  /** @param {any} answer of the site to a question */
  accepted(answer) {
    if (!this.#socket) {
      this.#state = { ...this.#state, conversation: { id: this.asking.id, title: "", leaf: null } };
      this.#watch();
    }
    this.#become(conversation.absorb(this.#state, answer));
  }

  resync() {
    this.#socket?.resync();
  }

  #watch() {
    this.#socket = new Socket(socketUrl(`/ws/c/${this.asking.id}/`), {
      heard: (event) => this.#become(conversation.apply(this.#state, event)),
      line: (state) => this.#lineChanged(state),
      ended: (why) => this.#ended(why),
      positions: () => conversation.liveRuns(this.#state).map(({ id, seq, reasoning_seq }) => ({ run: id, seq, reasoning_seq })),
    });
    this.#socket.open();
  }

  /** @param {import("../models/socket.js").LineState} state */
  #lineChanged(state) {
    this.asking.line.show(state);
    if (state === "open") this.asking.sender.retryPassing();
  }

  /** @param {import("../models/socket.js").Ending} why */
  #ended(why) {
    if (why === "signed_out") signIn();
    else part(this.element, "[data-gone]").hidden = false;
  }

  // ---- what is known ----

  /** @param {conversation.State} state */
  #become(state) {
    if (state === this.#state) return;
    const wrote = this.busy;
    this.#state = state;
    if (wrote && !this.busy) answered();
    if (state.gap) this.#socket?.resync();
    this.asking.sender.arrived(new Set(state.messages.map((message) => message.client_id)));
    // Not with the next frame: a tab in the background has none, and a question may be waiting there.
    if (!this.busy) queueMicrotask(() => this.asking.sender.pump());
    this.#ask();
  }

  /** Show it in the next frame; after one that took long, time is left for what a person does. */
  #ask() {
    if (this.#asked) return;
    this.#asked = true;
    const rest = this.busy ? this.#restUntil - performance.now() : 0;
    const ask = () => requestAnimationFrame(() => this.#show());
    if (rest > 0) setTimeout(ask, rest);
    else ask();
  }

  showThread() { if (this.#state.known) this.thread.show(this.#state); }

  #show() {
    this.#asked = false;
    const state = this.#state;
    if (!state.known || this.#held) return;
    if (this.#going && this.#isAbove(this.#going.id)) return void this.#fetchAbove();
    const started = performance.now();
    this.showThread();
    this.asking.composer.showBusy(conversation.liveRuns(state).map(({ id }) => `/runs/${id}/stop/`));
    if (state.conversation) this.menu.show(state.conversation);
    this.scroll.follow();
    if (this.#going && !state.gap) this.#arrive(this.#going);
    const spent = performance.now() - started;
    this.#restUntil = spent > SLOW ? started + spent * SHARE : 0;
  }

  /** Of a long branch only the end comes at first, and a message that was chosen may stand above it. @param {string} id */
  #isAbove(id) {
    const { gap, hasOlder, messages } = this.#state;
    return !gap && hasOlder && !messages.some((message) => message.id === id);
  }

  async #fetchAbove() {
    if (this.#fetching) return;
    this.#fetching = true;
    const older = await this.#older();
    this.#fetching = false;
    if (older) this.#state = conversation.prepend(this.#state, older);
    else this.#going = null;
    this.#show();
  }

  /** The other branch is here: the message stands where the one before it stood, and the same button has focus.
   * @param {{ id: string, top: number, side: string }} going */
  #arrive({ id, top, side }) {
    const element = this.thread.view(id)?.element;
    if (!element) return;
    this.#going = null;
    this.scroll.keepAt(element, top);
    requestAnimationFrame(() => this.scroll.keepAt(element, top)); // once it is rich text
    const buttons = /** @type {HTMLElement[]} */ ([...element.querySelectorAll("[data-show]:enabled")]);
    (buttons.find((button) => button.dataset.side === side) ?? buttons[0] ?? part(element, "[data-message-menu]")).focus({ preventScroll: true });
    if (buttons.length) announce(part(element, "[data-place]").textContent ?? "");
  }

  async loadOlder() {
    while (!this.#state.known) await new Promise((done) => setTimeout(done, 50)); // what it stands above comes first
    const older = await this.#older();
    if (older) this.#state = conversation.prepend(this.#state, older);
    this.scroll.keepPlace(() => this.showThread());
  }

  /** A helping of what stands above the first message; nothing when it cannot be had. */
  #older() {
    const first = this.#state.messages[0];
    return first ? get(`/c/${this.asking.id}/messages/?before=${first.id}`).catch(() => null) : null;
  }
}
