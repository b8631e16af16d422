/** Where a file comes from: this device, what the site has already, or a picture's address. Comes with the first question about it. */

import { clone, CommandError, get, part, post, word } from "../lib/site.js";
import { sizeWords } from "../lib/sizes.js";
import { Choices, withLists } from "./choices.js";
import { Menu } from "./menu.js";

/** @typedef {import("./attaching.js").Attaching} Attaching */
/** @typedef {import("../models/upload.js").StoredFile} StoredFile */

const REST = 150; // milliseconds without a key before files are searched

export class AttachMenu {
  /** @type {HTMLElement | null} */
  #button = null;
  /** @type {Mine | null} */
  #mine = null;
  /** @type {HTMLFormElement | null} */
  #address = null;

  /** @param {Attaching} attaching */
  constructor(attaching) {
    this.attaching = attaching;
    this.menu = new Menu(clone("attach-menu"), (item) => this.#chosen(item.dataset.from ?? ""));
    this.disk = Object.assign(document.createElement("input"), { type: "file", multiple: true, hidden: true });
    this.disk.addEventListener("change", () => {
      attaching.upload(this.disk.files ?? []);
      this.disk.value = "";
      attaching.composer.focus();
    });
    document.body.append(this.menu.element, this.disk);
  }

  /** @param {HTMLElement} button */
  open(button) {
    this.#button = button;
    this.menu.open(button);
  }

  /** @param {string} from */
  #chosen(from) {
    if (from === "disk") this.disk.click();
    else if (from === "mine") withLists(() => (this.#mine ??= new Mine(this.attaching)).open());
    else this.#askAddress();
  }

  #askAddress() {
    this.#address ??= this.#makeAddress();
    this.#address.reset();
    part(this.#address, "[data-why]").hidden = true;
    this.#address.showPopover();
    over(this.#address, this.attaching.composer.form);
    part(this.#address, "input").focus();
  }

  #makeAddress() {
    const form = /** @type {HTMLFormElement} */ (clone("address"));
    document.body.append(form);
    const why = part(form, "[data-why]");
    const button = part(form, "button");
    form.addEventListener("toggle", (event) => /** @type {ToggleEvent} */ (event).newState === "closed" && form.contains(document.activeElement) && this.#button?.focus());
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      why.hidden = true;
      button.setAttribute("aria-busy", "true");
      try {
        const { file } = await post("/files/link/", { url: /** @type {HTMLInputElement} */ (part(form, "input")).value });
        form.hidePopover();
        this.attaching.add([file]);
        this.attaching.composer.focus();
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        why.textContent = error.sentence;
        why.hidden = false;
      } finally {
        button.removeAttribute("aria-busy");
      }
    });
    return form;
  }
}

/** What the site has already: found by typing. */
class Mine {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waiting;

  /** @param {Attaching} attaching */
  constructor(attaching) {
    this.attaching = attaching;
    this.element = clone("my-files");
    document.body.append(this.element);
    this.field = /** @type {HTMLInputElement} */ (part(this.element, "input"));
    this.choices = new Choices(this.field, part(this.element, "[role=listbox]"));
    this.field.addEventListener("input", () => {
      clearTimeout(this.#waiting);
      this.#waiting = setTimeout(() => this.#load(), REST);
    });
  }

  open() {
    this.field.value = "";
    this.element.showPopover();
    over(this.element, this.attaching.composer.form);
    this.field.focus();
    this.#load();
  }

  async #load() {
    const query = this.field.value.trim();
    try {
      const { files } = await get(`/files/?${new URLSearchParams({ q: query })}`);
      if (query !== this.field.value.trim()) return;
      const found = files.map((/** @type {StoredFile} */ file) => ({ label: file.name, detail: `${word(`kind_${file.kind}`)} · ${sizeWords(file.size)}`, icon: file.kind === "image" ? "image" : "file-text", run: () => this.#take(file) }));
      this.choices.show([{ name: word("newest_files"), choices: found }], word("no_files"));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.choices.show([], error.sentence);
    }
    over(this.element, this.attaching.composer.form);
  }

  /** @param {StoredFile} file */
  #take(file) {
    this.element.hidePopover();
    this.attaching.add([file]);
    this.attaching.composer.focus();
  }
}

/** Above the composer, or below it where there is no room. @param {HTMLElement} element @param {HTMLElement} anchor */
function over(element, anchor) {
  if (matchMedia("(max-width: 48rem)").matches && element.matches(".picker")) return; // a sheet at the bottom
  const { top, bottom, left } = anchor.getBoundingClientRect();
  const { offsetHeight, offsetWidth } = element;
  const above = top - offsetHeight - 8 >= 8;
  element.style.insetBlockStart = `${above ? top - offsetHeight - 8 : Math.max(8, Math.min(bottom + 8, innerHeight - offsetHeight - 8))}px`;
  element.style.left = `${Math.max(8, Math.min(left, innerWidth - offsetWidth - 8))}px`;
}
