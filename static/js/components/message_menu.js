/** What only some people do with a message: write it differently, insert, fork, delete. Comes with its first use. */

import { partsOf } from "../lib/later.js";
import { clone, part, uuid, word } from "../lib/site.js";
import { editQuestion, sourceOf, writeIn } from "./edit.js";
import { Menu } from "./menu.js";
import { toast } from "./toasts.js";

/** @typedef {import("./chat.js").Chat} Chat */
/** @typedef {{ chat: Chat, element: HTMLElement, id: string }} Place a message, where it is shown */

/** @type {Menu | null} */
let menu = null;
/** @type {Place | null} */
let place = null;

/** @type {Record<string, (place: Place) => void>} */
const WAYS = {
  edit: (here) => here.element.dataset.role === "user" ? editQuestion(here.chat, here.id) : rewrite(here),
  before: (here) => insert(here, "before"),
  after: (here) => insert(here, "after"),
  fork,
  delete: remove,
};

/** @param {Chat} chat @param {HTMLElement} button of the message, a link to its own page */
export async function openMessageMenu(chat, button) {
  const element = /** @type {HTMLElement | null} */ (button.closest("[data-message]"));
  try {
    await partsOf("/parts/message/");
  } catch {
    location.assign(/** @type {HTMLAnchorElement} */ (button).href); // the same as a page
    return;
  }
  if (!element?.isConnected) return;
  place = { chat, element, id: element.dataset.id ?? "" };
  menu ??= made();
  menu.open(button);
}

function made() {
  const element = clone("message-menu");
  document.body.append(element);
  return new Menu(element, (item) => place && WAYS[item.dataset.do ?? ""]?.(place));
}

/** @param {Place} here */
function rewrite({ chat, element, id }) {
  const form = clone("rewrite");
  const keep = /** @type {HTMLInputElement} */ (part(form, "[name='keep']"));
  part(form, ".turn-keep").hidden = element.nextElementSibling?.hasAttribute("data-message") !== true;
  writeIn(element, form, {
    text: sourceOf(chat, id),
    save: (text) => chat.go(`/messages/${id}/edit/`, { client_id: uuid(), text, keep: keep.checked }, { top: topOf(element) }),
    rescue: (text) => chat.rescue(text),
  });
}

/** @param {Place} here @param {"before" | "after"} side */
function insert({ chat, element, id }, side) {
  /** @type {HTMLElement | null} */ (document.querySelector("[data-turn-form] [data-cancel]"))?.click();
  const form = clone("turn");
  const role = /** @type {HTMLSelectElement} */ (part(form, "[name='role']"));
  role.value = likely(element, side);
  writeIn(element, form, {
    side,
    save: (text) => chat.go(`/c/${chat.asking.id}/turns/`, { client_id: uuid(), role: role.value, text, [side]: id }, { top: topOf(form) }),
    rescue: (text) => chat.rescue(text),
  });
}

/** Who probably says it. @param {HTMLElement} element @param {"before" | "after"} side */
function likely(element, side) {
  const { role } = element.dataset;
  if (side === "after") return role === "user" ? "assistant" : "user";
  if (role === "assistant") return "user";
  return element.previousElementSibling?.hasAttribute("data-message") ? "assistant" : "system";
}

/** @param {Place} here */
async function fork({ chat, id }) {
  const answer = await chat.command(`/messages/${id}/fork/`, { client_id: uuid() });
  if (answer) location.assign(answer.url);
}

/** @param {Place} here */
async function remove({ chat, element, id }) {
  const top = topOf(element);
  const above = /** @type {HTMLElement | null} */ (element.previousElementSibling);
  const answer = await chat.command(`/messages/${id}/delete/`, {});
  if (!answer) return;
  /** @type {HTMLElement | null | undefined} */ (above?.querySelector("[data-message-menu]"))?.focus({ preventScroll: true });
  const count = answer.deleted;
  toast(count === 1 ? word("message_deleted") : word("messages_deleted", { count }), {
    label: word("undo"),
    run: () => chat.go(`/messages/${id}/restore/`, {}, { id, top }),
  });
}

/** @param {HTMLElement} element */
function topOf(element) {
  return element.getBoundingClientRect().top;
}
