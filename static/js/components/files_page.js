/** The files page: take files from picker, drop and paste; keep the list as it is; rename and delete in place. */

import { partsOf, pieceOf } from "../lib/later.js";
import { CommandError, part, post, word } from "../lib/site.js";
import { Menu } from "./menu.js";
import { takeChosen, takeDropped, takePasted } from "./taking.js";
import { toast } from "./toasts.js";
import { uploadRows } from "./upload_rows.js";

const SEARCH_REST = 250; // milliseconds without a key before a search

export class FilesPage {
  /** @type {ReturnType<typeof uploadRows> | null} */
  #rows = null;
  /** @type {Promise<void> | null} */
  #refreshing = null;
  #again = false;
  /** @type {HTMLElement | null} the row whose menu is open */
  #row = null;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    const drop = part(element, "[data-drop]");
    const take = (/** @type {File[]} */ files) => this.#take(files);
    takeChosen(/** @type {HTMLInputElement} */ (part(drop, "input[type=file]")), take);
    takeDropped(document, drop, take);
    takePasted(document, take);
    this.menu = new Menu(part(element, "[data-file-menu]"), (item) => this.#chosen(item));
    element.addEventListener("click", (event) => this.#clicked(event));
    element.addEventListener("change", (event) => this.#changed(event));
    element.addEventListener("input", (event) => this.#typed(event));
    element.addEventListener("submit", (event) => this.#submitted(event));
    addEventListener("chatsite:me", (event) => { if (/** @type {CustomEvent} */ (event).detail.type === "file.ready") this.refresh(); });
  }

  /** Show the list as it is now; asked for while it is coming, it comes once more. */
  async refresh() {
    this.#again = true;
    this.#refreshing ??= this.#refreshAll().finally(() => { this.#refreshing = null; });
    return this.#refreshing;
  }

  async #refreshAll() {
    while (this.#again) {
      this.#again = false;
      await this.#show(location.href).catch(() => {}); // what is shown stays
    }
  }

  /** @param {string} url of this page, perhaps with another search */
  async #show(url) {
    const found = await pieceOf(url, "[data-files-page]");
    for (const place of this.element.querySelectorAll("[data-files-live]")) {
      const fresh = found.querySelector(`[data-files-live="${/** @type {HTMLElement} */ (place).dataset.filesLive}"]`);
      if (!fresh || place.querySelector("[data-renaming]")) continue;
      const focused = place.contains(document.activeElement) ? document.activeElement?.id : "";
      const { value, selectionStart } = /** @type {HTMLInputElement} */ (focused ? document.activeElement : { value: "", selectionStart: null });
      place.replaceChildren(...fresh.childNodes);
      const field = focused ? /** @type {HTMLInputElement | null} */ (document.getElementById(focused)) : null;
      if (!field) continue;
      field.value = value;
      field.focus();
      if (selectionStart !== null && field.type === "search") field.setSelectionRange(selectionStart, selectionStart);
    }
  }

  // ---- uploads ----

  /** @param {File[]} files @param {string | null} [id] */
  async #take(files, id = null) {
    this.#rows ??= uploadRows(part(this.element, "[data-uploads]"), () => this.refresh());
    try {
      (await this.#rows).add(files, id);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.#rows = null;
      toast(error.sentence);
    }
  }

  /** @param {Event} event */
  #changed(event) {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (field.matches("[data-go-on]")) this.#goOn(field);
    else if (field.matches("[data-files-find] select")) this.#search(/** @type {HTMLFormElement} */ (field.form));
  }

  /** An upload that was broken off, and its file chosen once more. @param {HTMLInputElement} field */
  async #goOn(field) {
    const row = /** @type {HTMLElement} */ (field.closest("[data-unfinished-upload]"));
    const file = field.files?.[0];
    field.value = "";
    if (!file) return;
    await partsOf("/parts/uploads/");
    if (String(file.size) !== row.dataset.size) {
      toast(word("not_same_file"));
      return;
    }
    this.#forget(row);
    await this.#take([file], row.dataset.unfinishedUpload);
  }

  /** @param {HTMLElement} row */
  #forget(row) {
    const section = part(this.element, "[data-unfinished]");
    row.remove();
    if (!section.querySelector("[data-unfinished-upload]")) section.remove();
  }

  // ---- search ----

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting;

  /** @param {Event} event */
  #typed(event) {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (!field.matches("[data-files-find] [type=search]")) return;
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.#search(/** @type {HTMLFormElement} */ (field.form)), SEARCH_REST);
  }

  /** @param {Event} event */
  #submitted(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches("[data-files-find]")) return;
    event.preventDefault();
    this.#search(form);
  }

  /** @param {HTMLFormElement} form */
  #search(form) {
    clearTimeout(this.#resting);
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value).map(([name, value]) => [name, String(value)]));
    history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}`);
    this.refresh();
  }

  // ---- one file ----

  /** @param {MouseEvent} event */
  #clicked(event) {
    const target = event.target instanceof Element ? event.target : null;
    const more = /** @type {HTMLElement | null} */ (target?.closest("[data-file-more]") ?? null);
    const forget = target?.closest("[data-forget]");
    if (more) {
      event.preventDefault();
      this.#row = more.closest("[data-file]");
      this.menu.open(more);
    } else if (forget) {
      const row = /** @type {HTMLElement} */ (forget.closest("[data-unfinished-upload]"));
      this.#do(`/files/uploads/${row.dataset.unfinishedUpload}/cancel/`).then((done) => done && this.#forget(row));
    }
  }

  /** @param {HTMLElement} item */
  #chosen(item) {
    const row = this.#row && this.#now(this.#row);
    if (!row) return;
    if (item.dataset.action === "rename") this.#rename(row);
    else if (item.dataset.action === "delete") this.#delete(row);
    else location.assign(`/files/${row.dataset.file}/content?download`);
  }

  /** A row that was drawn anew meanwhile. @param {HTMLElement} row @returns {HTMLElement} */
  #now(row) {
    return row.isConnected ? row : this.element.querySelector(`[data-file="${row.dataset.file}"]`) ?? row;
  }

  /** @param {HTMLElement} drawn */
  async #delete(drawn) {
    const id = drawn.dataset.file;
    const title = part(drawn, "[data-file-name]").textContent ?? "";
    await partsOf("/parts/uploads/").catch(() => {});
    const done = await this.#do(`/files/${id}/delete/`);
    if (!done) return;
    const row = this.#now(drawn);
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    /** @type {HTMLElement | null | undefined} */ (neighbour?.querySelector("a.files-name:not([tabindex]), a"))?.focus();
    const uses = done.uses.map((/** @type {{ title: string }} */ use) => `“${use.title}”`).join(", ");
    const words = uses ? word("file_deleted_used", { title, uses }) : word("file_deleted", { title });
    toast(words, { label: word("undo"), run: async () => { await this.#do(`/files/${id}/restore/`); await this.refresh(); } });
    await this.refresh();
  }

  /** @param {HTMLElement} drawn */
  async #rename(drawn) {
    await partsOf("/parts/uploads/").catch(() => {});
    const row = this.#now(drawn);
    const name = part(row, "[data-file-name]");
    const link = /** @type {HTMLElement} */ (name.closest("a"));
    const before = name.textContent ?? "";
    const field = Object.assign(document.createElement("input"), { className: "input", value: before, maxLength: 255, dir: "auto" });
    field.dataset.renaming = "";
    field.setAttribute("aria-label", word("file_name"));
    let open = true;
    const close = async (/** @type {boolean} */ save) => {
      if (!open) return;
      open = false;
      const typed = field.value.trim();
      const focused = document.activeElement === field;
      field.replaceWith(link);
      if (focused) link.focus();
      if (!save || !typed || typed === before) return;
      const done = await this.#do(`/files/${row.dataset.file}/rename/`, { name: typed });
      if (done) name.textContent = done.file.name;
    };
    field.addEventListener("blur", () => close(true));
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
      event.preventDefault();
      event.stopPropagation();
      close(event.key === "Enter");
    });
    link.replaceWith(field);
    field.focus();
    const stem = before.lastIndexOf(".");
    field.setSelectionRange(0, stem > 0 ? stem : before.length); // the ending stays unless it is meant
  }

  /** @param {string} url @param {Record<string, unknown>} [body] @returns {Promise<any>} null when it was refused, and said */
  async #do(url, body = {}) {
    try {
      return await post(url, body);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      toast(word("failed_action", { reason: error.sentence }));
      return null;
    }
  }
}
