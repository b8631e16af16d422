/** Choosing many pictures: one by one, or all between two; then they are fetched, starred or deleted, with Undo. */

import { CommandError, fill, part, post, word } from "../lib/site.js";
import { toast } from "./toasts.js";

export class Choosing {
  /** @type {HTMLElement | null} */
  #last = null;

  /** @param {import("./image_gallery.js").Gallery} gallery */
  constructor(gallery) {
    this.gallery = gallery;
    this.bar = /** @type {HTMLFormElement} */ (part(gallery.element, "[data-chosen]"));
    this.said = part(this.bar, "[data-chosen-count]");
    this.button = part(gallery.element, "[data-choose]");
    this.button.addEventListener("click", () => (this.on ? this.none() : this.#begin()));
    part(this.bar, "[data-choose-none]").addEventListener("click", () => this.none());
    gallery.element.addEventListener("change", (event) => event.target instanceof HTMLInputElement && event.target.name === "picture" && this.count());
    this.bar.addEventListener("submit", (event) => this.#submitted(event));
    this.count();
  }

  get on() {
    return this.gallery.element.hasAttribute("data-choosing");
  }

  /** @returns {HTMLElement[]} */
  get chosen() {
    return this.gallery.cells.filter((cell) => box(cell).checked);
  }

  /** @param {HTMLElement} cell @param {boolean} [upTo] all from the last one that was chosen */
  toggle(cell, upTo = false) {
    const cells = this.gallery.cells;
    const [from, to] = [cells.indexOf(this.#last ?? cell), cells.indexOf(cell)].sort((one, other) => one - other);
    const wanted = !box(cell).checked || upTo;
    for (const one of upTo && this.#last?.isConnected ? cells.slice(from, (to ?? 0) + 1) : [cell]) box(one).checked = wanted;
    this.#last = cell;
    this.count();
  }

  none() {
    for (const cell of this.gallery.cells) box(cell).checked = false;
    delete this.gallery.element.dataset.choosing;
    this.count();
    this.button.focus();
  }

  count() {
    const count = this.chosen.length;
    if (count) this.#begin();
    const { one = "", some = "" } = this.said.dataset;
    this.said.textContent = count === 1 ? one : fill(some, { count });
    this.bar.toggleAttribute("data-on", this.on);
    this.button.setAttribute("aria-pressed", String(this.on));
    for (const button of this.bar.querySelectorAll("[type=submit]")) button.toggleAttribute("disabled", count === 0);
  }

  /** @param {HTMLElement[]} cells */
  async remove(cells) {
    const ids = cells.map((cell) => cell.dataset.picture ?? "");
    const all = this.gallery.cells;
    const next = all.slice(all.indexOf(/** @type {HTMLElement} */ (cells.at(-1))) + 1).find((cell) => !cells.includes(cell));
    const places = cells.map((cell) => ({ cell, list: cell.parentElement, next: cell.nextElementSibling }));
    const within = cells.some((cell) => cell.contains(document.activeElement));
    try {
      const { moment } = await post("/images/pictures/delete/", { pictures: ids });
      for (const id of ids) this.gallery.removed(id);
      if (within) next?.querySelector("a")?.focus();
      const { one = "", some = "", undo = "" } = part(this.bar, "[data-delete]").dataset;
      toast(ids.length === 1 ? one : fill(some, { count: ids.length }), { label: undo, run: () => this.#restore(moment, places) });
    } catch (error) {
      refused(error);
    }
  }

  #begin() {
    this.gallery.element.dataset.choosing = "";
    this.bar.toggleAttribute("data-on", true);
    this.button.setAttribute("aria-pressed", "true");
  }

  /** @param {string} moment @param {Parameters<import("./image_gallery.js").Gallery["putBack"]>[0]} places */
  async #restore(moment, places) {
    try {
      await post("/images/pictures/restore/", { moment });
      this.gallery.putBack(places);
    } catch (error) {
      refused(error);
    }
  }

  /** Only the archive is a page's business: the browser saves it. @param {SubmitEvent} event */
  async #submitted(event) {
    const button = /** @type {HTMLElement | null} */ (event.submitter);
    if (!button || button.hasAttribute("data-zip")) return;
    event.preventDefault();
    const cells = this.chosen;
    if (button.hasAttribute("data-delete")) {
      await this.remove(cells);
      this.none();
      return;
    }
    try {
      await post("/images/pictures/favour/", { pictures: cells.map((cell) => cell.dataset.picture ?? ""), favourite: true });
      for (const cell of cells) this.gallery.updated({ id: cell.dataset.picture ?? "", favourite: true });
      this.none();
    } catch (error) {
      refused(error);
    }
  }
}

/** @param {HTMLElement} cell @returns {HTMLInputElement} */
function box(cell) {
  return /** @type {HTMLInputElement} */ (part(cell, "[name=picture]"));
}

/** @param {unknown} error */
function refused(error) {
  if (!(error instanceof CommandError)) throw error;
  toast(word("failed_action", { reason: error.sentence }));
}
