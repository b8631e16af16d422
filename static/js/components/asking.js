/** Asking: the composer, the questions that are on their way, and whether the line lets them through.
 *
 * All that a start page needs. What shows answers (chat.js and all that it imports) comes with the first question.
 */

import { clone, CommandError, keep, part, post, readJson, signIn, uuid, word } from "../lib/site.js";
import { Sender } from "../models/sender.js";
import { Composer } from "./composer.js";

/** @typedef {import("../models/sender.js").Outbox} Outbox */
/** @typedef {import("../models/sender.js").Waiting} Waiting */
/** @typedef {import("../models/sender.js").Target} Target */

const AFTER = 1_000; // milliseconds without a line before it is said

export class Asking {
  /** @type {import("./chat.js").Chat | null} */
  chat = null;
  /** @type {Promise<import("./chat.js").Chat> | null} */
  #loading = null;
  /** @type {Map<string, HTMLElement>} */
  #pending = new Map();

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.id = element.dataset.conversation ?? "";
    this.path = location.pathname;
    this.room = part(element, "[data-room]");
    this.line = new Line();
    this.composer = new Composer(/** @type {HTMLFormElement} */ (part(element, "[data-composer]")), {
      send: (text, target, files) => this.send(text, target, files),
      stop: async (url) => (await this.#load()).stop(url),
      editLast: () => this.chat?.editLast(),
      resized: () => this.chat?.scroll.grown(),
    }, `draft.${this.id || "new"}`);
    this.sender = new Sender({
      deliver: (question) => this.#deliver(question),
      accepted: (answer) => this.#accepted(answer),
      refused: (refused) => this.#refused(refused),
      changed: (outbox) => this.#changed(outbox),
      busy: () => this.chat?.busy ?? false,
      online: () => navigator.onLine,
    });
    element.addEventListener("click", (event) => this.#clicked(event));
    addEventListener("online", () => this.sender.retryPassing());
    // Back to the start page, which this page was: it is fetched. Going to a place in the page comes by here as well.
    addEventListener("popstate", () => location.pathname === this.path || location.reload());
  }

  start() {
    if (this.id) this.#load();
    else this.element.setAttribute("data-ready", "");
    const stored = /** @type {unknown[]} */ (readJson(this.#outboxKey(), []));
    if (stored.length) this.#open();
    this.sender.restore(stored);
    if (matchMedia("(pointer: fine)").matches && !location.hash) this.composer.focus();
  }

  /** @param {string} text @param {Target} target @param {readonly import("../models/attachments.js").Chosen[]} [files] */
  send(text, target, files) {
    const id = uuid();
    this.#open();
    this.sender.add(id, text, target, files);
    this.composer.clear();
    const question = this.question(id);
    if (question) this.chat?.scroll.sent(question);
    this.sender.pump();
  }

  /** The element of a question on its way; the latest one's without an id. @param {string} [clientId] */
  question(clientId = [...this.#pending.keys()].at(-1) ?? "") {
    return this.#pending.get(clientId) ?? null;
  }

  /** A question has arrived: its element is the message's from now on. @param {string} clientId */
  takePending(clientId) {
    const element = this.#pending.get(clientId);
    this.#pending.delete(clientId);
    return element;
  }

  // ---- on their way ----

  /** @param {Waiting} question @returns {Promise<import("../models/sender.js").Outcome>} */
  async #deliver({ client_id, text, target, files }) {
    this.#load().catch(() => {}); // while the site hears the question
    try {
      const own = this.id ? {} : { parameters: /** @type {any} */ (readJson("parameters", null))?.own };
      const answer = await post(this.id ? `/c/${this.id}/messages/` : "/c/", { client_id, text, ...target, ...own, ...(files && { files: files.map(({ part: _, ...one }) => one) }) });
      await this.#load().catch(() => location.assign(answer.url ?? location.pathname)); // the page will show it all
      return { answer };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return { refused: { code: error.code, status: error.status, passing: error.passing, reason: error.sentence } };
    }
  }

  /** What shows a conversation, and all that it imports, at once. */
  #load() {
    const links = /** @type {HTMLTemplateElement | null} */ (document.querySelector("template[data-later]"));
    if (links) document.head.append(links.content);
    links?.remove();
    this.#loading ??= this.#fetch().then((Chat) => (this.chat = new Chat(this)));
    this.#loading.catch(() => { this.#loading = null; });
    return this.#loading;
  }

  /** Its modules, and the templates of answers where the page came without them. */
  async #fetch() {
    const there = document.querySelector("template[data-template=answer]");
    const [{ Chat }] = await Promise.all([import("./chat.js"), there || import("../lib/later.js").then(({ partsOf }) => partsOf("/parts/answers/"))]);
    return Chat;
  }

  /** @param {any} answer */
  #accepted(answer) {
    if (!this.id) this.#moveIn(answer);
    this.chat?.accepted(answer);
  }

  /** @param {{ code: string, status: number }} refused */
  #refused({ code, status }) {
    if (code === "answer_running") this.chat?.resync();
    if (status === 401) signIn();
  }

  /** The start page has become a conversation's. @param {{ id: string, url: string }} made */
  #moveIn({ id, url }) {
    keep(this.#outboxKey(), "");
    keep("parameters", "");
    this.id = id;
    this.composer.rename(`draft.${id}`);
    this.composer.form.action = `${url}messages/`;
    history.pushState(null, "", url);
    this.path = url;
    dispatchEvent(new CustomEvent("chatsite:current", { detail: id }));
  }

  // ---- how they look ----

  /** @param {Outbox} outbox */
  #changed(outbox) {
    keep(this.#outboxKey(), outbox.length ? JSON.stringify(outbox) : "");
    this.chat?.showThread(); // first: those that arrived are messages by now, and take their elements with them
    this.#showPending(outbox);
    this.chat?.scroll.grown();
  }

  /** Those that were taken back go. @param {Outbox} outbox */
  #showPending(outbox) {
    const waiting = new Set(outbox.map((one) => one.client_id));
    for (const [id, element] of this.#pending) {
      if (waiting.has(id)) continue;
      this.#pending.delete(id);
      element.remove();
    }
    for (const one of outbox) {
      const element = this.#pending.get(one.client_id) ?? this.#addPending(one);
      describe(element, one);
      if (this.room.previousElementSibling !== element) this.room.before(element);
    }
  }

  /** @param {Waiting} one */
  #addPending(one) {
    const element = clone("question");
    element.setAttribute("data-pending", "");
    element.dataset.clientId = one.client_id;
    part(element, "[data-text]").textContent = one.text;
    if (one.files) import("./attached.js").then(({ showAttached }) => showAttached(element, one.files?.map(({ part }) => part) ?? []));
    this.#pending.set(one.client_id, element);
    return element;
  }

  #outboxKey() {
    return `outbox.${this.id || "new"}`;
  }

  /** The first question turns the start page into the conversation's. */
  #open() {
    document.body.classList.remove("chat-start");
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const target = event.target instanceof Element ? event.target.closest("[data-outbox], [data-say]") : null;
    if (!(target instanceof HTMLElement)) return;
    const { outbox, say, clientId = "" } = target.dataset;
    event.preventDefault();
    if (say !== undefined) this.send(say, this.composer.target);
    else if (outbox === "retry") this.sender.retry(clientId);
    else {
      const { text = "", files = [] } = this.sender.takeBack(clientId) ?? {};
      this.composer.write(text);
      if (files.length) this.composer.attach((attaching) => attaching.restore(files));
    }
  }
}

/** @param {HTMLElement} element @param {Waiting} one */
function describe(element, one) {
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

/** The state of the line: nothing while it is fine, "Reconnecting" after a second, "Offline" when the network is away. */
export class Line {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #down = false;

  constructor() {
    this.element = /** @type {HTMLElement | null} */ (document.querySelector("[data-line]"));
    for (const type of ["online", "offline"]) addEventListener(type, () => this.#show());
  }

  /** @param {import("../models/socket.js").LineState} state */
  show(state) {
    clearTimeout(this.#timer);
    if (state === "open" || state === "ended") {
      this.#down = false;
      this.#show();
    } else this.#timer = setTimeout(() => { this.#down = true; this.#show(); }, AFTER);
  }

  #show() {
    if (!this.element) return;
    const offline = !navigator.onLine;
    this.element.hidden = !offline && !this.#down;
    document.documentElement.toggleAttribute("data-offline", offline);
    const words = this.element.querySelector("[data-words]");
    if (words) words.textContent = word(offline ? "offline" : "reconnecting");
  }
}
