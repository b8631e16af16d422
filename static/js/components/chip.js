/** One file over the composer: what it looks like, how far its upload is, what of it is sent how, and buttons for that. */

import { clone, part, word } from "../lib/site.js";
import { countWords, sizeWords } from "../lib/sizes.js";
import { pagesIn, tokensIn } from "../models/attachments.js";

/** @typedef {import("../models/attachments.js").Item} Item */
/** @typedef {import("../models/upload.js").Upload} Upload */

export class Chip {
  #progress = "";

  /**
   * @param {Item} item
   * @param {Upload | undefined} upload its way to the site, while it is under way
   * @param {{ remove: () => void, move: (by: number) => void, changed: () => void }} listener
   */
  constructor(item, upload, listener) {
    this.item = item;
    this.upload = upload;
    this.listener = listener;
    this.element = clone("chip");
    this.panel = part(this.element, "[data-panel]");
    this.pages = /** @type {HTMLInputElement} */ (part(this.panel, "[data-pages]"));
    this.way = /** @type {HTMLSelectElement} */ (part(this.panel, "[data-way]"));
    this.detail = /** @type {HTMLSelectElement} */ (part(this.panel, "[data-detail]"));
    this.options = part(this.element, "[data-options]");
    part(this.element, "[data-remove]").addEventListener("click", listener.remove);
    part(this.element, "[data-earlier]").addEventListener("click", () => listener.move(-1));
    part(this.element, "[data-later]").addEventListener("click", () => listener.move(1));
    part(this.element, "[data-retry]").addEventListener("click", () => this.upload?.start());
    this.options.addEventListener("click", () => this.#toggle());
    this.panel.addEventListener("keydown", (event) => this.#key(event));
    this.pages.addEventListener("input", () => this.#wish({ pages: this.pages.value.trim() }));
    this.way.addEventListener("change", () => this.#wish({ as: this.way.value }));
    this.detail.addEventListener("change", () => this.#wish({ detail: this.detail.value }));
    this.show();
  }

  get name() {
    return this.item.file?.name ?? this.upload?.name ?? "";
  }

  /** @param {Item} item */
  become(item) {
    this.item = item;
    if (item.file) this.upload = undefined;
    if (item.about?.text && !["queued", "in_progress"].includes(item.about.text.status)) this.#progress = "";
    this.show();
  }

  /** Where it stands among the others. @param {number} index @param {number} count */
  place(index, count) {
    for (const [selector, off] of /** @type {[string, boolean][]} */ ([["[data-earlier]", index === 0], ["[data-later]", index === count - 1]])) {
      const button = part(this.element, selector);
      button.hidden = count < 2;
      button.toggleAttribute("disabled", off);
    }
  }

  /** How far the reading of its text is. @param {number} done @param {number | null} total */
  reading(done, total) {
    this.#progress = word(total ? "reading_page" : "reading", { done: countWords(done), total: countWords(total ?? 0) });
    this.show();
  }

  show() {
    const { about } = this.item;
    part(this.element, "[data-name]").textContent = this.name;
    this.#look();
    const failed = this.upload?.state === "failed";
    const bar = /** @type {HTMLProgressElement} */ (part(this.element, "[data-bar]"));
    bar.hidden = !this.upload || failed;
    bar.value = this.upload?.progress ?? 1;
    bar.setAttribute("aria-label", this.name);
    part(this.element, "[data-retry]").hidden = !failed || [400, 413, 415].includes(this.upload?.error?.status ?? 0);
    const fault = (failed && this.upload?.error?.sentence) || about?.problem || "";
    const said = part(this.element, "[data-said]");
    said.textContent = fault || about?.warning || about?.text?.note || "";
    said.hidden = said.textContent === "";
    said.toggleAttribute("data-bad", fault !== "");
    part(this.element, "[data-facts]").textContent = this.#facts();
    for (const [selector, key] of Object.entries({ "[data-remove]": "chip_remove", "[data-earlier]": "chip_earlier", "[data-later]": "chip_later", "[data-options]": "chip_options" })) {
      const button = part(this.element, selector);
      button.title = word(key, { name: this.name });
      button.setAttribute("aria-label", button.title);
    }
    this.#showOptions();
  }

  #look() {
    const image = /** @type {HTMLImageElement} */ (part(this.element, "img"));
    const thumb = this.item.file?.thumb?.replace(/\d+$/, "96") ?? "";
    if (thumb && image.getAttribute("src") !== thumb) image.src = thumb;
    image.hidden = !thumb;
    part(this.element, "[data-icon]").toggleAttribute("hidden", Boolean(thumb));
  }

  #facts() {
    const { about, file, wish } = this.item;
    if (this.upload) return this.upload.state === "failed" ? "" : sizeWords(this.upload.size);
    if (this.#progress) return this.#progress;
    if (about?.problem) return "";
    const tokens = tokensIn(this.item);
    const words = tokens === null ? sizeWords(file?.size ?? 0) : word("tokens", { tokens: countWords(tokens) });
    const pages = wish.pages && (wish.as ?? about?.as) === "text" ? word("only_pages", { pages: wish.pages }) : "";
    return [pages, words].filter(Boolean).join(" · ");
  }

  // ---- what of it is sent how ----

  #showOptions() {
    const { about, wish } = this.item;
    const way = wish.as ?? about?.as ?? "";
    const pages = way === "text" && (about?.text?.pages ?? 0) > 1;
    const ways = (about?.ways.length ?? 0) > 1;
    part(this.panel, "[data-pages-row]").hidden = !pages;
    part(this.panel, "[data-way-row]").hidden = !ways;
    part(this.panel, "[data-detail-row]").hidden = way !== "image";
    this.options.hidden = !pages && !ways && way !== "image";
    if (this.options.hidden) this.panel.hidden = true;
    part(this.panel, "[data-pages-of]").textContent = pages ? word("of_pages", { count: countWords(about?.text?.pages ?? 0) }) : "";
    if (document.activeElement !== this.pages) this.pages.value = wish.pages ?? "";
    for (const option of this.way.options) option.hidden = !about?.ways.includes(option.value);
    this.way.value = way;
    this.detail.value = wish.detail ?? "";
  }

  #toggle() {
    this.panel.hidden = !this.panel.hidden;
    this.options.setAttribute("aria-expanded", String(!this.panel.hidden));
    if (!this.panel.hidden) /** @type {HTMLElement | null} */ (this.panel.querySelector("label:not([hidden]) :is(input, select)"))?.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing || (event.key !== "Escape" && event.key !== "Enter")) return;
    event.preventDefault();
    event.stopPropagation();
    this.#toggle();
    this.options.focus();
  }

  /** @param {import("../models/attachments.js").Wish} wish */
  #wish(wish) {
    const wrong = Boolean(wish.pages) && !pagesIn(wish.pages ?? "", this.item.about?.text?.pages ?? 1);
    this.pages.setAttribute("aria-invalid", String(wrong));
    if (wrong) return;
    const all = { ...this.item.wish, ...wish };
    if (all.as === this.item.about?.as) delete all.as;
    this.item = { ...this.item, wish: Object.fromEntries(Object.entries(all).filter(([, value]) => value)) };
    this.show();
    this.listener.changed();
  }
}
