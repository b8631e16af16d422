/** The palette: to a conversation by its title, or anything that can be done here, by typing. Comes with its first use. */

import { clone, get, keep, part, word } from "../lib/site.js";
import { matching } from "../lib/matching.js";
import { Choices, withLists } from "./choices.js";
import { showShortcuts } from "./keys.js";

/** @typedef {import("./choices.js").Choice} Choice */

const SHOWN = 8; // conversations, before anything is typed
const MOST = 2_000; // conversations that are fetched to be searched
const YEAR = 31_536_000; // seconds

/** @type {HTMLDialogElement | null} */
let open = null;

/** Conversations further down than the sidebar has been scrolled, as far as they have been fetched on this page.
 * @type {import("../models/events.js").ConversationFacts[]} */
const older = [];
let hasOlder = true;

/** Open it, or close it when it is open. */
export function togglePalette() {
  if (open) open.close();
  else withLists(show);
}

function show() {
  const dialog = open = /** @type {HTMLDialogElement} */ (clone("palette"));
  const field = /** @type {HTMLInputElement} */ (part(dialog, "input"));
  const choices = new Choices(field, part(dialog, "[role=listbox]"));
  const fill = () => choices.show(groups(field.value.trim(), () => dialog.close()), word("nothing_for", { query: field.value.trim() }));
  field.addEventListener("input", () => {
    fill();
    fetchOlder(() => dialog.open && (fill(), true));
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.ctrlKey) return;
    event.preventDefault();
    begin(field.value.trim());
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    open = null;
  });
  document.body.append(dialog);
  dialog.showModal();
  fill();
}

/** @param {string} query @param {() => void} close */
function groups(query, close) {
  const found = matching(conversations(), query, (choice) => choice.label);
  const commands = matching([...pageCommands(), ...ownCommands()], query, (choice) => choice.label);
  const begins = query ? [{ label: word("new_with", { query }), icon: "square-pen", detail: "Ctrl Enter", run: () => begin(query) }] : [];
  const closing = (/** @type {Choice} */ choice) => ({ ...choice, run: () => { close(); choice.run(); } });
  return [
    { name: word("conversations"), choices: (query ? found : found.slice(0, SHOWN)).map(closing) },
    { name: word("commands"), choices: [...commands, ...begins].map(closing) },
  ];
}

/** Those of the sidebar, and those below them. @returns {Choice[]} */
function conversations() {
  const rows = sideRows();
  const listed = new Set(rows.map((row) => row.id));
  return [
    ...rows.map(({ link }) => ({ label: link.querySelector("bdi")?.textContent ?? "", icon: "message-square", run: () => link.click() })),
    ...older.filter(({ id }) => !listed.has(id)).map(({ id, title }) => ({ label: title || word("untitled"), icon: "message-square", run: () => location.assign(`/c/${id}/`) })),
  ];
}

function sideRows() {
  const links = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".history-item[data-id] > a")]);
  return links.map((link) => ({ link, id: link.parentElement?.dataset.id ?? "" }));
}

let fetching = false;

/** What the sidebar has not loaded, a helping after the other, for as long as somebody searches.
 * @param {() => boolean} came says whether anybody still does */
async function fetchOlder(came) {
  if (fetching) return;
  fetching = true;
  hasOlder &&= document.querySelector("[data-history-older]") !== null || older.length > 0;
  while (hasOlder && older.length < MOST) {
    const last = older.at(-1)?.id ?? sideRows().at(-1)?.id;
    const page = await get(`/history/?before=${last}`).catch(() => null);
    if (!page) break;
    older.push(...page.conversations);
    hasOlder = page.has_older;
    if (!came()) break;
  }
  fetching = false;
}

/** Controls of the page that say so (`data-command`), by their own names. @returns {Choice[]} */
function pageCommands() {
  const found = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-command]")]);
  return found.filter((one) => !one.closest("[hidden]")).map((one) => ({ ...described(one), run: () => one.click() }));
}

/** @param {HTMLElement} control */
function described(control) {
  return {
    label: control.dataset.command || control.textContent?.trim() || "",
    icon: control.querySelector("use")?.getAttribute("href")?.split("#")[1],
    detail: control.dataset.key?.replaceAll("+", " ") ?? "",
  };
}

/** What needs no control on the page (the template `commands`). @returns {Choice[]} */
function ownCommands() {
  const now = document.documentElement.dataset.theme ?? "";
  return [.../** @type {NodeListOf<HTMLElement>} */ (clone("commands").querySelectorAll("button"))].map((button) => {
    const { wear: theme } = button.dataset;
    return { ...described(button), current: theme === now, run: () => (theme === undefined ? showShortcuts() : wear(theme)) };
  });
}

/** The same cookie that the settings page sets: the server draws the next page in it. @param {string} theme */
function wear(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${theme}; path=/; max-age=${theme ? YEAR : 0}; samesite=lax${secure}`;
}

/** A new conversation with these words in its composer. @param {string} text */
function begin(text) {
  if (text) keep("draft.new", text);
  location.assign("/");
}
