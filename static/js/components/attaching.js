/** What is attached to the question that is being written: chips over its text, from a disk, a clipboard, a drop or a file
 * of one's own. Comes with the first file. */

import { partsOf } from "../lib/later.js";
import { clone, CommandError, get, part, uuid, word } from "../lib/site.js";
import { countWords } from "../lib/sizes.js";
import { siteDoor } from "../lib/uploading.js";
import { chosen, fitting, moved, tokensIn, tokensOfAll } from "../models/attachments.js";
import { Uploads } from "../models/uploads.js";
import { announce } from "./announcer.js";
import { Chip } from "./chip.js";

/** @typedef {import("../models/attachments.js").Item} Item */
/** @typedef {import("../models/attachments.js").Chosen} Chosen */
/** @typedef {import("../models/upload.js").StoredFile} StoredFile */
/** @typedef {import("../models/upload.js").Upload} Upload */

const REST = 120; // milliseconds without a change before the site is asked
export const MOST = 20;
const RESERVE = 1_024; // tokens that an answer needs at least

/** @param {import("./composer.js").Composer} composer */
export async function attachTo(composer) {
  await partsOf("/parts/attached/");
  return new Attaching(composer);
}

export class Attaching {
  /** @type {Chip[]} */
  #chips = [];
  /** @type {import("./attach_menu.js").AttachMenu | null} */
  #menu = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #asking;
  /** @type {{ context_length: number | null, name: string } | null} */
  #model = null;

  /** @param {import("./composer.js").Composer} composer */
  constructor(composer) {
    this.composer = composer;
    this.element = clone("chips");
    this.list = part(this.element, "[data-chips]");
    this.note = part(this.element, "[data-note]");
    this.fit = part(this.element, "[data-fit]");
    composer.form.prepend(this.element);
    this.uploads = new Uploads(siteDoor, (upload) => this.#moved(upload));
    this.fit.addEventListener("click", () => this.#shorten());
    addEventListener("chatsite:model", () => this.#ask());
    addEventListener("chatsite:me", (event) => this.#hear(/** @type {CustomEvent<any>} */ (event).detail));
    composer.field.addEventListener("input", () => this.#say());
  }

  /** @returns {Chosen[]} those that are there, in their order */
  get files() {
    return this.#chips.map(({ item }) => chosen(item)).filter((one) => one !== null);
  }

  /** Something is on its way, or cannot be sent. */
  get hindered() {
    return this.#chips.some(({ item }) => !item.file || item.about?.problem);
  }

  get count() {
    return this.#chips.length;
  }

  /** @param {Iterable<File>} files */
  upload(files) {
    const some = [...files].slice(0, MOST - this.count);
    for (const upload of this.uploads.add(some)) this.#add({ key: uuid(), file: null, about: null, wish: {} }, upload);
    this.#changed();
  }

  /** Files that the site has already. @param {readonly (StoredFile & { wish?: import("../models/attachments.js").Wish })[]} files */
  add(files) {
    const there = new Set(this.#chips.map(({ item }) => item.file?.id));
    for (const { wish = {}, ...file } of files) {
      if (!there.has(file.id) && this.count < MOST) this.#add({ key: uuid(), file, about: null, wish });
    }
    this.#changed();
  }

  /** What was chosen before, as the page kept it. @param {readonly Chosen[]} files */
  restore(files) {
    this.add(files.map(({ id, as, pages, detail, part: shown }) => {
      const kind = shown.type === "image" ? "image" : shown.kind ?? "other";
      const wish = { ...(as && { as }), ...(pages && { pages }), ...(detail && { detail }) };
      return { id, name: shown.name ?? "", kind, mime: shown.mime ?? "", size: shown.size ?? 0, width: null, height: null, url: "", content: "", thumb: kind === "image" ? `/files/${id}/thumb/96` : null, wish };
    }));
  }

  /** Those that a link names: ids with commas between them. @param {string} ids */
  async name(ids) {
    const { files } = await get(`/attachments/?files=${ids}`).catch(() => ({ files: [] }));
    this.add(files);
  }

  /** Where from? @param {HTMLElement} button */
  async ask(button) {
    this.#menu ??= new (await import("./attach_menu.js")).AttachMenu(this);
    this.#menu.open(button);
  }

  clear() {
    for (const chip of this.#chips) chip.element.remove();
    this.#chips = [];
    this.#changed();
  }

  /** @param {Item} item @param {Upload} [upload] */
  #add(item, upload) {
    const chip = new Chip(item, upload, {
      remove: () => this.#remove(chip),
      move: (by) => this.#move(chip, by),
      changed: () => this.#changed(),
    });
    this.#chips.push(chip);
    this.list.append(chip.element);
  }

  /** @param {Upload} upload */
  #moved(upload) {
    const chip = this.#chips.find((one) => one.upload === upload);
    if (!chip) return;
    if (upload.file && !chip.item.file) {
      chip.become({ ...chip.item, file: upload.file });
      this.uploads.drop(upload);
      announce(word("attached_one", { name: upload.file.name }));
      this.#changed();
    } else chip.show();
    this.composer.attached();
  }

  /** @param {Chip} chip */
  #remove(chip) {
    const index = this.#chips.indexOf(chip);
    chip.upload?.cancel();
    this.#chips.splice(index, 1);
    chip.element.remove();
    const next = this.#chips[Math.min(index, this.#chips.length - 1)];
    (next ? part(next.element, "[data-remove]") : this.composer.field).focus();
    this.#changed();
  }

  /** @param {Chip} chip @param {number} by */
  #move(chip, by) {
    const index = this.#chips.indexOf(chip);
    this.#chips = moved(this.#chips, index, by);
    this.list.replaceChildren(...this.#chips.map(({ element }) => element));
    this.#changed();
    const button = part(chip.element, by < 0 ? "[data-earlier]" : "[data-later]");
    (button.hasAttribute("disabled") ? part(chip.element, by < 0 ? "[data-later]" : "[data-earlier]") : button).focus();
    announce(word("place_of", { name: chip.name, number: this.#chips.indexOf(chip) + 1, count: this.count }));
  }

  #changed() {
    this.element.hidden = this.count === 0;
    this.#chips.forEach((chip, index) => chip.place(index, this.count));
    this.#ask();
    this.#say();
    this.composer.attached();
  }

  /** What the site says of them, and of the model that they go to. */
  #ask() {
    clearTimeout(this.#asking);
    if (this.#chips.some(({ item }) => item.file)) this.#asking = setTimeout(() => this.#learn(), REST);
  }

  async #learn() {
    const { provider = "", model_id = "" } = this.composer.target;
    const ids = this.#chips.flatMap(({ item }) => item.file?.id ?? []);
    try {
      const query = new URLSearchParams({ files: ids.join(","), provider, model_id });
      const { files, model } = await get(`/attachments/?${query}`);
      this.#model = model;
      for (const chip of this.#chips) {
        const about = files.find((/** @type {StoredFile} */ one) => one.id === chip.item.file?.id);
        if (about) chip.become({ ...chip.item, file: about, about });
      }
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      if (error.status === 404) await this.#dropGone();
    }
    this.#say();
    this.composer.attached();
  }

  /** Deleted meanwhile, in another tab: they go, and the rest stays. */
  async #dropGone() {
    const gone = await Promise.all(this.#chips.map(({ item }) => item.file && get(`/attachments/?files=${item.file.id}`).then(() => false, (error) => error.status === 404)));
    for (const chip of this.#chips.filter((_, index) => gone[index])) {
      this.#chips = this.#chips.filter((one) => one !== chip);
      chip.element.remove();
    }
    if (gone.some(Boolean)) this.#changed();
  }

  /** @param {any} event from /ws/me/ */
  #hear(event) {
    if (event.type === "file.ready" && this.#chips.some(({ item }) => item.file?.id === event.file.id)) this.#ask();
    if (event.type !== "job.progress" || event.kind !== "extraction") return;
    this.#chips.find(({ item }) => item.file?.id === event.about)?.reading(event.done, event.total);
  }

  // ---- how much it is ----

  /** Tokens that are left for files, as far as it is known. */
  get #room() {
    const length = this.#model?.context_length;
    return length ? length - RESERVE - this.composer.otherTokens() : null;
  }

  #say() {
    const items = this.#chips.map(({ item }) => item);
    const tokens = tokensOfAll(items);
    if (this.composer.form.dataset.tokens !== String(tokens)) {
      this.composer.form.dataset.tokens = String(tokens);
      this.element.dispatchEvent(new Event("input", { bubbles: true })); // what it costs is counted anew
    }
    const tooMuch = this.#room !== null && tokens > this.#room;
    this.fit.hidden = !tooMuch || fitting(items, this.#room ?? 0).size === 0;
    this.note.toggleAttribute("data-warns", tooMuch);
    const known = items.some((item) => tokensIn(item) !== null);
    const words = tooMuch
      ? word("too_many_tokens", { tokens: countWords(tokens), model: this.#model?.name ?? "", room: countWords(Math.max(0, this.#room ?? 0)) })
      : known ? word("about_tokens", { tokens: countWords(tokens) }) : "";
    if (this.note.textContent !== words) this.note.textContent = words;
  }

  #shorten() {
    const pages = fitting(this.#chips.map(({ item }) => item), this.#room ?? 0);
    for (const chip of this.#chips) {
      const first = pages.get(chip.item.key);
      if (first) chip.become({ ...chip.item, wish: { ...chip.item.wish, pages: first } });
    }
    this.#changed();
    this.composer.focus();
  }
}
