/** The panel of parameters: at the side where there is room, else a sheet from below. Comes with its first use.
 *
 * Each field is stored when it is left; what the site makes of it comes back as a sheet, and is shown. For a conversation that
 * is about to begin the site only checks: what is set waits in this browser, and goes along with the first question.
 */

import { partsOf } from "../lib/later.js";
import { clone, CommandError, get, keep, part, post, readJson, word } from "../lib/site.js";
import { Presets } from "./presets.js";
import { Rows } from "./parameter_rows.js";
import { toast } from "./toasts.js";

/** @typedef {{ text: string | string[], state: string, set: boolean, off: boolean, below: { text: string | string[], source: string } | null }} Field */
/** @typedef {{ id: string, name: string, for: "me" | "everybody" | "example", parameters: Record<string, unknown> }} Preset */
/** @typedef {{ own: Record<string, unknown>, effective: Record<string, unknown>, count: number, tokens: number, answers: number, fields: Record<string, Field>, warnings: { fields: string[], message: string }[], refused: Record<string, string>, presets: Preset[], preset: string | null }} Sheet */

const WIDE = matchMedia("(min-width: 72.01rem)");
const NEW = "/parameters/";

class Panel {
  /** @type {Sheet | null} */
  #sheet = null;
  /** @type {Promise<unknown>} */
  #before = Promise.resolve();

  /** @param {HTMLAnchorElement} button */
  constructor(button) {
    this.button = button;
    this.element = clone("parameters");
    part(document, ".frame").append(this.element);
    this.rows = new Rows(part(this.element, "[data-fields]"), (name, texts) => this.#save({ texts, only: name }, name), (name) => this.#save({ reset: [name] }, name));
    this.presets = new Presets(this.element, (preset) => this.#take(preset), (name) => this.#keep(name));
    part(this.element, "[data-close]").addEventListener("click", () => this.#close());
    part(this.element, "[data-again]").addEventListener("click", () => this.load());
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("toggle", (event) => this.#toggled(/** @type {ToggleEvent} */ (event)));
    WIDE.addEventListener("change", () => this.#open && this.#place());
    addEventListener("chatsite:model", () => this.#open && this.load());
    addEventListener("chatsite:current", () => this.#open && this.load());
    addEventListener("chatsite:parameters", (event) => {
      const { mine } = /** @type {CustomEvent<{ mine?: boolean }>} */ (event).detail;
      if (this.#open && !mine) this.load(); // another tab has changed them, or this one's own change has come back
    });
  }

  #open = false;

  toggle() {
    if (this.#open) this.#close();
    else this.#show();
  }

  /** What is set here, and what holds. */
  load() {
    this.#ask(() => get(`${this.#url}?${this.#model}`), "");
  }

  /** A conversation that is about to begin has no address of its own yet. */
  get #url() {
    return new URL(this.button.href).pathname;
  }

  get #model() {
    const field = /** @type {HTMLInputElement} */ (part(document, "[data-model-choice]"));
    return new URLSearchParams({ provider: field.dataset.provider ?? "", model_id: field.value });
  }

  // ---- what it says to the site ----

  /** One after the other: the last answer is the one that is true. @param {() => Promise<Sheet>} ask @param {string} name */
  #ask(ask, name) {
    this.#before = this.#before.then(async () => {
      try {
        this.#shows(await ask());
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        this.#refused(error, name);
      }
    });
    return this.#before;
  }

  /** @param {Record<string, unknown>} change @param {string} [name] of the parameter that is changed */
  #save(change, name = "") {
    return this.#ask(() => this.#post(change), name);
  }

  /** @param {Record<string, unknown>} change @returns {Promise<Sheet>} */
  #post(change) {
    const own = this.#url === NEW ? { own: /** @type {any} */ (readJson("parameters", null))?.own ?? {} } : {};
    return post(`${this.#url}?${this.#model}`, { ...own, ...change });
  }

  /** @param {Preset} preset */
  async #take(preset) {
    const before = this.#sheet?.own ?? {};
    await this.#save({ preset: preset.id });
    const added = Object.keys(preset.parameters).filter((name) => !(name in before));
    const undo = { label: word("undo"), run: () => void this.#save({ values: before, reset: added }) };
    toast(word("preset_taken", { name: preset.name }), undo);
  }

  /** @param {string} name */
  async #keep(name) {
    await this.#ask(async () => {
      await post("/settings/parameters/presets/", { name, parameters: this.#sheet?.own ?? {} });
      return this.#url === NEW ? this.#post({ values: {} }) : get(`${this.#url}?${this.#model}`);
    }, "");
    toast(word("preset_kept", { name }));
  }

  // ---- what the site says ----

  /** @param {Sheet} sheet */
  #shows(sheet) {
    this.#sheet = sheet;
    part(this.element, "[data-failed]").hidden = true;
    this.rows.show(sheet);
    this.presets.show(sheet);
    if (this.#url === NEW) {
      const some = Object.keys(sheet.own).length > 0;
      keep("parameters", some ? JSON.stringify({ own: sheet.own, count: sheet.count, tokens: sheet.tokens, answers: sheet.answers }) : "");
    }
    dispatchEvent(new CustomEvent("chatsite:parameters", { detail: { count: sheet.count, tokens: sheet.tokens, answers: sheet.answers, mine: true } }));
  }

  /** @param {CommandError} error @param {string} name */
  #refused(error, name) {
    const fields = /** @type {Record<string, string>} */ (error.data.fields ?? {});
    if (name && fields[name]) {
      this.rows.refuse(name, fields[name]);
      return;
    }
    if (this.#url === NEW && error.code === "invalid" && readJson("parameters", null)) {
      keep("parameters", ""); // kept from a time when it could be: nothing could be changed any more
      this.load();
      return;
    }
    const place = part(this.element, "[data-failed]");
    part(place, "[data-words]").textContent = error.sentence;
    place.hidden = false;
  }

  // ---- open and closed ----

  #show() {
    this.#open = true;
    this.#place();
    this.button.setAttribute("aria-expanded", "true");
    this.element.focus({ preventScroll: true });
    if (this.#url === NEW && readJson("parameters", null)) this.#save({ values: {} });
    else this.load();
  }

  #place() {
    this.element.toggleAttribute("data-side", WIDE.matches);
    if (WIDE.matches) this.element.hidePopover();
    else this.element.showPopover();
  }

  #close() {
    this.#open = false;
    this.element.removeAttribute("data-side");
    this.element.hidePopover();
    this.button.setAttribute("aria-expanded", "false");
    this.button.focus({ preventScroll: true });
  }

  /** A tap beside the sheet closes it. @param {ToggleEvent} event */
  #toggled(event) {
    if (event.newState === "closed" && this.#open && !WIDE.matches) this.#close();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault(); // it is not the answer that is to be stopped
    this.#close();
  }
}

/** @type {Panel | null} */
let panel = null;

/** @param {HTMLAnchorElement} button */
export async function toggle(button) {
  try {
    await partsOf("/parts/parameters/");
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    location.assign(button.href); // the page has them too
    return;
  }
  panel ??= new Panel(button);
  panel.toggle();
}
