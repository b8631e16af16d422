/** The palette: to whatever was said, or anything that can be done here, by typing. Comes with its first use. */

import { clone, keep, part, word } from "../lib/site.js";
import { matching } from "../lib/matching.js";
import { Choices, withLists } from "./choices.js";
import { Finding } from "./finding.js";
import { showShortcuts } from "./keys.js";

/** @typedef {import("./choices.js").Choice} Choice */

const SHOWN = 8; // conversations, before anything is typed
const YEAR = 31_536_000; // seconds

/** @type {HTMLDialogElement | null} */
let open = null;

/** Open it, or close it when it is open. */
export function togglePalette() {
  if (open) open.close();
  else withLists(show);
}

function show() {
  const dialog = open = /** @type {HTMLDialogElement} */ (clone("palette"));
  const field = /** @type {HTMLInputElement} */ (part(dialog, "input"));
  const choices = new Choices(field, part(dialog, "[role=listbox]"));
  const finding = new Finding(() => dialog.open && fill());
  const fill = () => {
    const query = field.value.trim();
    choices.show(groups(query, finding, () => dialog.close()), `${word("nothing_for", { query })} ${finding.notes}`);
  };
  const look = () => {
    finding.look(field.value);
    fill();
  };
  field.addEventListener("input", look);
  for (const filter of /** @type {NodeListOf<HTMLElement>} */ (dialog.querySelectorAll("[data-filter]"))) {
    filter.addEventListener("click", () => {
      addFilter(field, filter.dataset.filter ?? "");
      look();
    });
  }
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

/** A filter goes to the end, once; one that wants a word is where typing goes on. @param {HTMLInputElement} field @param {string} filter */
function addFilter(field, filter) {
  const before = field.value.trimEnd();
  if (!before.split(/\s+/).includes(filter)) field.value = `${before}${before ? " " : ""}${filter}${filter.endsWith(":") ? "" : " "}`;
  field.focus();
}

/** @param {string} query @param {Finding} finding @param {() => void} close */
function groups(query, finding, close) {
  const found = matching(conversations(), query, (choice) => choice.label);
  const listed = new Set(found.map(({ id }) => id));
  const commands = matching([...pageCommands(), ...ownCommands()], query, (choice) => choice.label);
  const begins = query ? [{ label: word("new_with", { query }), icon: "square-pen", detail: "Ctrl Enter", run: () => begin(query) }] : [];
  const closing = (/** @type {Choice} */ choice) => ({ ...choice, run: () => { close(); choice.run(); } });
  return [
    { name: word("conversations"), choices: (query ? found : found.slice(0, SHOWN)).map(closing) },
    { name: finding.name, choices: finding.choices(listed).map(closing) },
    { name: word("commands"), choices: [...commands, ...begins].map(closing) },
  ];
}

/** Those of the sidebar, at once; the site finds all others. */
function conversations() {
  const links = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".history-item[data-id] > a")]);
  return links.map((link) => ({
    id: link.parentElement?.dataset.id ?? "",
    label: link.querySelector("bdi")?.textContent ?? "",
    icon: "message-square",
    run: () => link.click(),
  }));
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
