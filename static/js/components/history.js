/** The history in the sidebar, live: new and renamed conversations, deleted ones, those that are being written. */

import { CommandError, post } from "../lib/http.js";
import { clone, part } from "../lib/templates.js";
import { dayGroup } from "../lib/time.js";
import { word } from "../lib/words.js";
import { apply, EMPTY } from "../models/history.js";
import { Socket, socketUrl } from "../models/socket.js";
import { deleteConversation } from "./deleting.js";
import { toast } from "./toasts.js";

/** @typedef {import("../models/events.js").ConversationFacts} ConversationFacts */

export class History {
  /** @type {import("../models/history.js").State} */
  #state = EMPTY;
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();
  /** @type {HTMLElement | null} */
  #opener = null;
  #known = false; // until a snapshot has come, the server's list stands

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.current = element.dataset.current ?? "";
    this.menu = part(document, "[data-history-menu]");
    this.language = document.documentElement.lang;
    for (const row of element.querySelectorAll(".history-item")) {
      this.#rows.set(/** @type {HTMLElement} */ (row).dataset.id ?? "", /** @type {HTMLElement} */ (row));
    }
    element.addEventListener("click", (event) => this.#clicked(event));
    this.menu.addEventListener("click", (event) => this.#chosen(event));
    this.menu.addEventListener("toggle", (event) => this.#toggled(/** @type {ToggleEvent} */ (event)));
    addEventListener("chatsite:current", (event) => this.#moved(/** @type {CustomEvent<string>} */ (event).detail));
  }

  watch() {
    const socket = new Socket(socketUrl("/ws/me/"), {
      heard: (event) => {
        this.#known ||= event.type === "me.snapshot";
        this.#become(apply(this.#state, event));
      },
      ended: (why) => why === "signed_out" && location.assign(`/accounts/login/?next=${encodeURIComponent(location.pathname)}`),
    });
    socket.open();
    addEventListener("online", () => socket.hurry());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && socket.hurry());
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

  // ---- the menu of a row ----

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    this.#opener = /** @type {HTMLElement} */ (button.closest(".history-item"));
    const { bottom, top, right } = button.getBoundingClientRect();
    this.menu.showPopover();
    const { offsetHeight, offsetWidth } = this.menu;
    const below = bottom + offsetHeight < innerHeight;
    this.menu.style.insetBlockStart = `${below ? bottom + 4 : top - offsetHeight - 4}px`;
    this.menu.style.left = `${Math.min(right - 32, innerWidth - offsetWidth - 8)}px`;
    part(this.menu, "button").focus();
  }

  /** @param {ToggleEvent} event */
  #toggled(event) {
    const button = this.#opener?.querySelector("button");
    button?.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "closed" && this.menu.contains(document.activeElement)) button?.focus();
  }

  /** @param {MouseEvent} event */
  #chosen(event) {
    const action = event.target instanceof Element ? event.target.closest("[data-action]") : null;
    const row = this.#opener;
    if (!action || !row) return;
    this.menu.hidePopover();
    if (/** @type {HTMLElement} */ (action).dataset.action === "rename") this.#rename(row);
    else this.#delete(row);
  }

  /** @param {HTMLElement} row */
  async #delete(row) {
    const id = row.dataset.id ?? "";
    const title = part(row, "bdi").textContent ?? "";
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    if (!(await deleteConversation({ id, title }, id === this.current))) return;
    /** @type {HTMLElement | null | undefined} */ (neighbour?.querySelector("a"))?.focus();
    row.remove();
    this.#become(apply(this.#state, { type: "conversation.deleted", conversation: { id } }));
  }

  /** @param {HTMLElement} row */
  #rename(row) {
    const title = part(row, "bdi").textContent ?? "";
    const field = document.createElement("input");
    field.className = "history-input";
    field.value = title;
    field.maxLength = 200;
    field.setAttribute("aria-label", word("rename_label"));
    const link = part(row, "a");
    link.hidden = part(row, "button").hidden = true;
    let done = false;
    const close = (/** @type {boolean} */ save) => {
      if (done) return;
      done = true;
      field.remove();
      link.hidden = part(row, "button").hidden = false;
      link.focus();
      if (save && field.value.trim() && field.value !== title) this.#save(row.dataset.id ?? "", field.value);
    };
    field.addEventListener("blur", () => close(true));
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter") close(true);
      if (event.key === "Escape") close(false);
    });
    row.prepend(field);
    field.focus();
    field.select();
  }

  /** @param {string} id @param {string} title */
  async #save(id, title) {
    try {
      const { conversation } = await post(`/c/${id}/rename/`, { title });
      this.#become(apply(this.#state, { type: "conversation.updated", conversation }));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      toast(word("failed_action", { reason: error.message || word("unreachable") }));
    }
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
