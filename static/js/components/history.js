/** The history in the sidebar, live: new and renamed conversations, deleted ones, those that are being written. */

import { clone, part, word } from "../lib/site.js";
import { apply, dayGroup, EMPTY } from "../models/history.js";
import { Socket, socketUrl } from "../models/socket.js";

/** @typedef {import("../models/events.js").ConversationFacts} ConversationFacts */

export class History {
  /** @type {import("../models/history.js").State} */
  #state = EMPTY;
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();
  /** @type {Promise<import("./history_menu.js").HistoryMenu> | null} */
  #menu = null;
  #known = false; // until a snapshot has come, the server's list stands

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.current = element.dataset.current ?? "";
    this.language = document.documentElement.lang;
    for (const row of element.querySelectorAll(".history-item")) {
      this.#rows.set(/** @type {HTMLElement} */ (row).dataset.id ?? "", /** @type {HTMLElement} */ (row));
    }
    element.addEventListener("click", (event) => this.#clicked(event));
    addEventListener("chatsite:current", (event) => this.#moved(/** @type {CustomEvent<string>} */ (event).detail));
  }

  watch() {
    const socket = new Socket(socketUrl("/ws/me/"), {
      heard: (event) => this.hear(event),
      ended: (why) => why === "signed_out" && location.assign(`/accounts/login/?next=${encodeURIComponent(location.pathname)}`),
    });
    socket.open();
    addEventListener("online", () => socket.hurry());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && socket.hurry());
  }

  /** @param {import("../models/events.js").Event} event from the socket, or what a command has changed already */
  hear(event) {
    this.#known ||= event.type === "me.snapshot";
    this.#become(apply(this.#state, event));
  }

  /** @param {import("../models/history.js").State} state */
  #become(state) {
    if (state === this.#state || !this.#known) return;
    const before = this.#state.conversations;
    this.#state = state;
    if (state.conversations !== before) this.#show();
  }

  #show() {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    const groups = groupByDay(this.#state.conversations, new Date(), this.language);
    const elements = groups.map(({ name, conversations }) => this.#group(name, conversations));
    if (elements.length === 0) elements.push(clone("history-empty"));
    const listed = new Set(this.#state.conversations.map((one) => one.id));
    for (const id of this.#rows.keys()) if (!listed.has(id)) this.#rows.delete(id);
    this.element.replaceChildren(...elements);
    if (focused?.isConnected && document.activeElement !== focused) focused.focus();
  }

  /** @param {string} name @param {ConversationFacts[]} conversations */
  #group(name, conversations) {
    const group = clone("history-group");
    group.setAttribute("aria-label", name);
    part(group, "h2").textContent = name;
    part(group, "ul").append(...conversations.map((one) => this.#row(one)));
    return group;
  }

  /** @param {ConversationFacts} conversation */
  #row(conversation) {
    const row = this.#rows.get(conversation.id) ?? clone("history-item");
    this.#rows.set(conversation.id, row);
    const link = /** @type {HTMLAnchorElement} */ (part(row, "a"));
    const title = conversation.title || word("untitled");
    row.dataset.id = conversation.id;
    link.href = conversation.url ?? `/c/${conversation.id}/`;
    part(row, "bdi").textContent = title;
    part(row, ".ring").hidden = !conversation.running;
    part(row, "button").setAttribute("aria-label", word("more_named", { title }));
    if (conversation.id === this.current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    return row;
  }

  /** The start page has become a conversation's. @param {string} id */
  #moved(id) {
    this.current = id;
    document.querySelector("[data-new]")?.removeAttribute("aria-current");
    if (this.#known) this.#show();
  }

  /** @param {MouseEvent} event */
  async #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    this.#menu ??= import("./history_menu.js").then(({ HistoryMenu }) => new HistoryMenu(this));
    (await this.#menu).open(button);
  }
}

/**
 * @param {readonly ConversationFacts[]} conversations
 * @param {Date} now
 * @param {string} language
 * @returns {{ name: string, conversations: ConversationFacts[] }[]}
 */
function groupByDay(conversations, now, language) {
  /** @type {{ name: string, conversations: ConversationFacts[] }[]} */
  const groups = [];
  for (const conversation of conversations) {
    const day = dayGroup(conversation.updated_at ?? now.toISOString(), now, language);
    const name = "key" in day ? word(day.key) : day.month;
    if (groups.at(-1)?.name !== name) groups.push({ name, conversations: [] });
    groups.at(-1)?.conversations.push(conversation);
  }
  return groups;
}
