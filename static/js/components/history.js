/** The history in the sidebar, live: new, renamed and deleted conversations, those that are being written, those that
 * have news; older ones as one scrolls. One tab stop: arrow keys go from row to row. */

import { clone, get, part, post, signIn, word } from "../lib/site.js";
import { append, apply, dayGroup, EMPTY } from "../models/history.js";
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
  #loading = false;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.current = element.dataset.current ?? "";
    this.language = document.documentElement.lang;
    for (const row of element.querySelectorAll(".history-item")) {
      this.#rows.set(/** @type {HTMLElement} */ (row).dataset.id ?? "", /** @type {HTMLElement} */ (row));
    }
    this.older = element.querySelector("[data-history-older]") ?? clone("history-older");
    this.#oneTabStop();
    element.addEventListener("click", (event) => this.#clicked(event));
    element.addEventListener("keydown", (event) => this.#key(event));
    element.addEventListener("focusin", (event) => this.#oneTabStop(/** @type {HTMLElement} */ (event.target)));
    new IntersectionObserver(([seen]) => seen?.isIntersecting && this.#loadOlder(), { root: element, rootMargin: "400px" }).observe(this.older);
    addEventListener("chatsite:current", (event) => this.#moved(/** @type {CustomEvent<string>} */ (event).detail));
    document.addEventListener("visibilitychange", () => this.#look());
  }

  /** Those that are known, the latest first. @returns {readonly ConversationFacts[]} */
  get conversations() {
    return this.#state.conversations;
  }

  watch() {
    const socket = new Socket(socketUrl("/ws/me/"), {
      heard: (event) => this.hear(event),
      ended: (why) => why === "signed_out" && signIn(),
    });
    socket.open();
    addEventListener("online", () => socket.hurry());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && socket.hurry());
  }

  /** @param {import("../models/events.js").Event} event from the socket, or what a command has changed already */
  hear(event) {
    dispatchEvent(new CustomEvent("chatsite:me", { detail: event }));
    this.#known ||= event.type === "me.snapshot";
    this.#become(apply(this.#state, event));
  }

  /** @param {import("../models/history.js").State} state */
  #become(state) {
    if (state === this.#state || !this.#known) return;
    const { conversations: before, pinned } = this.#state;
    this.#state = state;
    if (state.conversations !== before || state.pinned !== pinned) this.#show();
    this.#look();
  }

  /** What has ended in the conversation that is shown is no news, in any tab, as soon as somebody can see it. */
  #look() {
    const { conversations, pinned } = this.#state;
    const shown = [...pinned, ...conversations].find((one) => one.id === this.current);
    if (!shown?.unread || document.visibilityState !== "visible") return;
    post(`/c/${shown.id}/seen/`).catch(() => {}); // it stays unread: the next look says it again
  }

  #show() {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    const { pinned, conversations } = this.#state;
    const above = new Set(pinned.map((one) => one.id));
    const groups = groupByDay(conversations.filter((one) => !above.has(one.id)), new Date(), this.language);
    if (pinned.length) groups.unshift({ name: word("pinned"), conversations: [...pinned] });
    const elements = groups.map((group) => this.#group(group.name, group.conversations));
    if (elements.length === 0) elements.push(clone("history-empty"));
    const listed = new Set([...above, ...conversations.map((one) => one.id)]);
    for (const id of this.#rows.keys()) if (!listed.has(id)) this.#rows.delete(id);
    this.element.replaceChildren(...elements, ...(this.#state.hasOlder ? [this.older] : []));
    this.#oneTabStop();
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
    const shown = conversation.id === this.current;
    const unread = Boolean(conversation.unread) && !conversation.running && !shown;
    row.dataset.id = conversation.id;
    row.toggleAttribute("data-pinned", Boolean(conversation.pinned));
    link.href = conversation.url ?? `/c/${conversation.id}/`;
    part(row, "bdi").textContent = title;
    part(row, ".ring").hidden = !conversation.running;
    part(row, ".unread").hidden = !unread;
    part(row, "button").setAttribute("aria-label", word("more_named", { title }));
    if (shown) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    return row;
  }

  /** The start page has become a conversation's. @param {string} id */
  #moved(id) {
    this.current = id;
    document.querySelector("[data-new]")?.removeAttribute("aria-current");
    if (this.#known) this.#show();
    this.#look(); // its first answer may have ended before this page was told that it is the conversation's
  }

  // ---- older ones ----

  async #loadOlder() {
    const last = this.#state.conversations.at(-1);
    if (this.#loading || !last || !this.#state.hasOlder) return;
    this.#loading = true;
    const page = await get(`/history/?before=${last.id}`).catch(() => null);
    this.#loading = false;
    if (!page) return; // the link stands there: pressing it, or scrolling again, asks again
    this.#become(append(this.#state, page));
    // What is still in view after this helping was not crossed again, so that the observer says nothing.
    const { top } = this.older.getBoundingClientRect();
    if (this.older.isConnected && top && top < this.element.getBoundingClientRect().bottom + 400) this.#loadOlder();
  }

  // ---- keys and clicks ----

  /** Which row Tab leads to: the one that has focus, else the shown one's, else the first.
   * @param {HTMLElement | null} [focused] */
  #oneTabStop(focused = null) {
    const rows = [...this.element.querySelectorAll(".history-item")];
    const at = rows.find((row) => row.contains(focused ?? document.activeElement)) ?? rows.find((row) => row.querySelector("[aria-current]")) ?? rows[0];
    for (const row of rows) {
      for (const one of /** @type {NodeListOf<HTMLElement>} */ (row.querySelectorAll("a, button"))) one.tabIndex = row === at ? 0 : -1;
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const row = event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest(".history-item")) : null;
    if (!row || event.target instanceof HTMLInputElement || event.altKey || event.ctrlKey || event.metaKey) return;
    const rows = [...this.element.querySelectorAll(".history-item")];
    const index = rows.indexOf(row);
    const places = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: rows.length - 1 };
    if (event.key in places) {
      const next = rows[places[/** @type {keyof typeof places} */ (event.key)]];
      /** @type {HTMLElement | null | undefined} */ (next?.querySelector("a"))?.focus();
    } else if (event.key === "F2" || event.key === "Delete") {
      this.#withMenu((menu) => (event.key === "F2" ? menu.rename(row) : menu.remove(row)));
    } else return;
    event.preventDefault();
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-history-older]")) {
      event.preventDefault();
      this.#loadOlder();
    }
    const button = target?.closest("button");
    if (button) this.#withMenu((menu) => menu.open(button));
  }

  /** @param {(menu: import("./history_menu.js").HistoryMenu) => void} use */
  async #withMenu(use) {
    this.#menu ??= import("./history_menu.js").then(({ HistoryMenu }) => new HistoryMenu(this));
    use(await this.#menu);
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
