/** The gallery, live: searching while one types, older pictures as one scrolls, new ones as they are made, and keys. */

import { CommandError, part, post, word } from "../lib/site.js";
import { pieceOf } from "../lib/later.js";
import { Choosing } from "./image_choosing.js";
import { toast } from "./toasts.js";

const REST = 250; // milliseconds without a key before a search
const PICTURES = "/images/pictures/"; // the same cells as in the page, and nothing else

export class Gallery {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typing;
  #loading = false;
  /** @type {IntersectionObserver | null} */
  #end = null;
  #asked = 0; // searches so far: only the last one's answer is shown

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.found = part(element, "[data-found]");
    this.field = /** @type {HTMLInputElement} */ (part(element, "[data-search] input[name=q]"));
    this.choosing = new Choosing(this);
    this.#watchEnd();
    this.#oneTabStop();
    this.field.addEventListener("input", () => {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => this.#search(), REST);
    });
    part(element, "[data-search]").addEventListener("submit", (event) => { event.preventDefault(); this.#search(); });
    element.addEventListener("click", (event) => this.#clicked(event));
    element.addEventListener("keydown", (event) => this.#key(event));
    element.addEventListener("focusin", (event) => this.#oneTabStop(/** @type {HTMLElement} */ (event.target)));
  }

  /** @returns {HTMLElement[]} */
  get cells() {
    return /** @type {HTMLElement[]} */ ([...this.found.querySelectorAll(".cell")]);
  }

  /** What is looked for, as in the address. */
  get query() {
    const query = new URLSearchParams(location.search);
    for (const name of [...query.keys()]) if (name !== "q" && name !== "favourites") query.delete(name);
    return query;
  }

  /** Look again, and put in what is new; nothing that is there moves but downwards. */
  async refresh() {
    const fresh = await pieceOf(`${PICTURES}?${this.query}`, "[data-days]").catch(() => null);
    if (!fresh) return;
    const here = this.found.querySelector("[data-days]");
    if (!here?.querySelector(".cell")) {
      if (fresh.querySelector(".cell")) await this.#show();
      return;
    }
    this.#putIn(/** @type {HTMLElement} */ (here), /** @type {HTMLElement} */ (fresh));
    this.#oneTabStop();
  }

  /** @param {{ id: string, favourite: boolean }} picture as the site tells it */
  updated({ id, favourite }) {
    const cell = this.cell(id);
    if (cell) starred(cell, favourite);
    else this.refresh(); // it is back
  }

  /** @param {string} id */
  removed(id) {
    const cell = this.cell(id);
    const day = /** @type {HTMLElement | null | undefined} */ (cell?.closest(".gallery-day"));
    cell?.remove();
    if (day) day.hidden = !day.querySelector(".cell");
    if (cell && !this.cells.length) this.#show();
    this.choosing.count();
  }

  /** Put cells that were removed where they stood. @param {{ cell: HTMLElement, list: Element | null, next: Element | null }[]} places */
  putBack(places) {
    for (const { cell, list, next } of [...places].reverse()) {
      if (!list?.isConnected || this.cell(cell.dataset.picture ?? "")) continue;
      list.insertBefore(cell, next?.parentElement === list ? next : null);
      /** @type {HTMLElement} */ (list.closest(".gallery-day")).hidden = false;
    }
    this.#oneTabStop();
    this.refresh();
  }

  /** @param {HTMLElement} cell */
  async star(cell) {
    const button = part(cell, ".cell-star");
    const on = button.getAttribute("aria-pressed") !== "true";
    starred(cell, on);
    try {
      await post(/** @type {HTMLButtonElement} */ (button).formAction, { favourite: on });
    } catch (error) {
      starred(cell, !on);
      toast(word("failed_action", { reason: error instanceof CommandError ? error.sentence : "" }));
    }
  }

  // ---- what is shown ----

  /** @param {string} id @returns {HTMLElement | null} */
  cell(id) {
    return this.found.querySelector(`[data-picture="${CSS.escape(id)}"]`);
  }

  /** @param {HTMLElement} here @param {HTMLElement} fresh */
  #putIn(here, fresh) {
    for (const day of /** @type {HTMLElement[]} */ ([...fresh.querySelectorAll(".gallery-day")])) {
      const same = /** @type {HTMLElement | null} */ (here.querySelector(`[data-day="${day.dataset.day}"]`));
      const news = /** @type {HTMLElement[]} */ ([...day.querySelectorAll(".cell")]).filter((cell) => !this.cell(cell.dataset.picture ?? ""));
      if (same) {
        for (const cell of news.reverse()) part(same, ".cells").prepend(cell);
        same.hidden &&= news.length === 0;
      } else if (news.length) {
        const below = [...here.children].find((one) => (/** @type {HTMLElement} */ (one).dataset.day ?? "") < (day.dataset.day ?? ""));
        if (below) below.before(day);
      }
    }
  }

  #search() {
    const text = this.field.value.trim();
    const query = this.query;
    if ((query.get("q") ?? "") === text) return;
    if (text) query.set("q", text);
    else query.delete("q");
    history.replaceState(null, "", String(query) ? `?${query}` : location.pathname);
    this.#show();
  }

  async #show() {
    const asked = ++this.#asked;
    this.found.setAttribute("aria-busy", "true");
    try {
      const fresh = await pieceOf(`${PICTURES}?${this.query}`, "[data-found]");
      if (asked !== this.#asked) return;
      this.found.replaceChildren(...fresh.childNodes);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      toast(word("failed_action", { reason: error.sentence }));
    } finally {
      if (asked === this.#asked) this.found.removeAttribute("aria-busy");
    }
    this.#watchEnd();
    this.#oneTabStop();
    this.choosing.count();
  }

  // ---- older ones ----

  /** What scrolls is the gallery itself where it stands beside the form, else the page. */
  #watchEnd() {
    this.#end?.disconnect();
    const end = this.found.querySelector("[data-older-pictures]");
    if (!end) return;
    const root = getComputedStyle(this.element).overflowY === "visible" ? this.element.closest("main") : this.element;
    this.#end = new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) this.#loadOlder(); }, { root, rootMargin: "1200px" });
    this.#end.observe(end);
  }

  async #loadOlder() {
    const end = this.found.querySelector("[data-older-pictures]");
    const link = /** @type {HTMLAnchorElement | null | undefined} */ (end?.querySelector("a"));
    if (this.#loading || !link) return;
    this.#loading = true;
    const asked = this.#asked;
    const more = await pieceOf(PICTURES + new URL(link.href).search, "[data-found]").catch(() => null);
    this.#loading = false;
    if (!more || asked !== this.#asked) return; // the link stands there: pressing it, or scrolling again, asks again
    end?.remove();
    const here = part(this.found, "[data-days]");
    for (const day of [...more.querySelectorAll(".gallery-day")]) {
      const last = here.lastElementChild;
      if (last instanceof HTMLElement && last.dataset.day === /** @type {HTMLElement} */ (day).dataset.day) part(last, ".cells").append(...part(day, ".cells").children);
      else here.append(day);
    }
    const further = more.querySelector("[data-older-pictures]");
    if (further) this.found.append(further);
    this.#watchEnd();
    this.#oneTabStop();
  }

  // ---- clicks and keys ----

  /** @param {MouseEvent} event */
  #clicked(event) {
    const target = event.target instanceof Element ? event.target : null;
    const cell = /** @type {HTMLElement | null | undefined} */ (target?.closest(".cell"));
    if (target?.closest("[data-older-pictures]")) this.#loadOlder();
    else if (cell && target?.closest(".cell-star")) this.star(cell);
    else if (cell && target?.closest(".cell-link") && (this.choosing.on || event.shiftKey)) this.choosing.toggle(cell, event.shiftKey);
    else return;
    event.preventDefault();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const cell = event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest(".cell")) : null;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && this.choosing.on) this.choosing.none();
    else if (!cell || (event.target instanceof HTMLInputElement && event.key === " ")) return;
    else if (event.key === " " || event.key === "x") this.choosing.toggle(cell, event.shiftKey);
    else if (event.key === "s") this.star(cell);
    else if (event.key === "Delete") this.choosing.remove([cell]);
    else if (!this.#walk(cell, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {HTMLElement} cell @param {string} key */
  #walk(cell, key) {
    const cells = this.cells;
    const at = cells.indexOf(cell);
    const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -at, End: cells.length - 1 - at };
    if (key in steps) focus(cells[at + steps[/** @type {keyof typeof steps} */ (key)]]);
    else if (key === "ArrowDown" || key === "ArrowUp") focus(beside(cells, at, key === "ArrowDown" ? 1 : -1));
    else return false;
    return true;
  }

  /** Which picture Tab leads to: the one that has focus, else the first; its star and box follow it.
   * @param {HTMLElement | null} [focused] */
  #oneTabStop(focused = null) {
    const cells = this.cells;
    const at = cells.find((cell) => cell.contains(focused ?? document.activeElement)) ?? cells.find((cell) => part(cell, "a").tabIndex === 0 && cell.dataset.stop) ?? cells[0];
    for (const cell of cells) {
      if (cell === at) cell.dataset.stop = "1";
      else delete cell.dataset.stop;
      for (const one of /** @type {NodeListOf<HTMLElement>} */ (cell.querySelectorAll("a, button, input"))) one.tabIndex = cell === at ? 0 : -1;
    }
  }
}

/** @param {HTMLElement} cell @param {boolean} on */
function starred(cell, on) {
  const button = /** @type {HTMLButtonElement} */ (part(cell, ".cell-star"));
  button.setAttribute("aria-pressed", String(on));
  button.value = on ? "off" : "on";
}

/** @param {HTMLElement | undefined} cell */
function focus(cell) {
  cell?.querySelector("a")?.focus();
}

/** The cell in the next row or the one before that stands nearest below or above. @param {HTMLElement[]} cells @param {number} at @param {1 | -1} step */
function beside(cells, at, step) {
  const { left, top } = /** @type {HTMLElement} */ (cells[at]).getBoundingClientRect();
  let best, row = null, nearest = Infinity;
  for (let index = at + step; index >= 0 && index < cells.length; index += step) {
    const place = /** @type {HTMLElement} */ (cells[index]).getBoundingClientRect();
    if (Math.abs(place.top - top) < 1) continue; // the same row
    row ??= place.top;
    if (Math.abs(place.top - row) > 1) break;
    if (Math.abs(place.left - left) < nearest) [best, nearest] = [cells[index], Math.abs(place.left - left)];
  }
  return best;
}
