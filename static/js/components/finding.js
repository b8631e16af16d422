/** What the site finds while somebody types, as choices of the palette. What was found stays until there is something new. */

import { get, part, word } from "../lib/site.js";

/** @typedef {import("./choices.js").Choice} Choice */
/** @typedef {{ text: string, found: boolean }} Piece */
/** @typedef {{ conversation: string, message: string | null, url: string, title: Piece[], snippet: Piece[], at: string, archived: boolean }} Hit */
/** @typedef {{ hits: Hit[], more: string | null, messages: number | null, conversations: number | null, notes: string[] }} Found */

const PAUSE = 120; // milliseconds without a key, after which it is asked for
const LONGEST = 500; // characters that the site looks at

export class Finding {
  /** @type {Found | null} */
  #found = null;
  #asked = "";
  #timer = 0;

  /** @param {() => void} came something new was found, or nothing */
  constructor(came) {
    this.came = came;
  }

  /** @param {string} query with the space behind its last word, which ends it */
  look(query) {
    clearTimeout(this.#timer);
    this.#asked = query;
    if (query.trim()) this.#timer = setTimeout(() => this.#fetch(query), PAUSE);
    else this.#found = null;
  }

  /** What helps, when nothing was found. */
  get notes() {
    return this.#found?.notes.join(" ") ?? "";
  }

  /** How many there are. */
  get name() {
    const { messages, conversations } = this.#found ?? {};
    return messages && conversations ? word("found_in", { messages, conversations }) : word("found");
  }

  /** @param {Set<string>} listed conversations whose titles are in the list already @returns {Choice[]} */
  choices(listed) {
    const { hits, more } = this.#found ?? { hits: [], more: null };
    const shown = hits.filter((hit) => hit.message || !listed.has(hit.conversation)).map(choice);
    const all = `/search/?q=${encodeURIComponent(this.#asked.slice(0, LONGEST))}`;
    return more ? [...shown, { label: word("all_found"), icon: "search", run: () => location.assign(all) }] : shown;
  }

  /** @param {string} query */
  async #fetch(query) {
    const found = await get(`/search/?q=${encodeURIComponent(query.slice(0, LONGEST))}`).catch(() => null);
    if (!found || query !== this.#asked) return; // offline: what is loaded can still be chosen from
    this.#found = found;
    this.came();
  }
}

/** @param {Hit} hit @returns {Choice} */
function choice(hit) {
  const when = new Date(hit.at).toLocaleDateString(document.documentElement.lang, { dateStyle: "medium" });
  return {
    label: hit.title.map(({ text }) => text).join("") || word("untitled"),
    icon: hit.archived ? "archive" : "message-square",
    detail: hit.archived ? word("when_archived", { when }) : when,
    draw: (row) => draw(row, hit),
    run: () => location.assign(hit.url),
  };
}

/** @param {HTMLElement} row @param {Hit} hit */
function draw(row, { title, snippet }) {
  row.classList.add("choice-found");
  if (title.length) part(row, "[data-label]").replaceChildren(...pieces(title));
  if (!snippet.length) return;
  const text = Object.assign(document.createElement("span"), { className: "choice-snippet", dir: "auto" });
  text.append(...pieces(snippet));
  row.append(text);
}

/** @param {Piece[]} found */
function pieces(found) {
  return found.map(({ text, found: marked }) => marked ? Object.assign(document.createElement("mark"), { textContent: text }) : document.createTextNode(text));
}
