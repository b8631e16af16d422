/** Choosing a model: every provider's, by searching or by typing any name. Comes with its first use. */

import { clone, get, part, word } from "../lib/site.js";
import { matching } from "../lib/matching.js";
import { Choices, withLists } from "./choices.js";

/** @typedef {import("../models/sender.js").Target} Target */
/**
 * @typedef {object} Model as GET /models/ describes it
 * @property {string} provider
 * @property {string} provider_name
 * @property {string} id
 * @property {string} name
 * @property {boolean} hidden
 * @property {Record<string, boolean>} capabilities
 * @property {number | null} [context_length]
 * @property {string | null} [shutdown_date]
 */

const PHONE = matchMedia("(max-width: 48rem)");
const GAP = 4; // pixels

class Picker {
  /** @type {Model[] | null} */
  #models = null;
  /** @type {{ provider: string, model_id: string } | null} */
  #default = null;
  /** @type {{ anchor: HTMLElement, current: Target, chosen: (target: Target) => void } | null} */
  #asked = null;
  #failed = "";

  constructor() {
    this.element = clone("picker");
    document.body.append(this.element);
    this.field = /** @type {HTMLInputElement} */ (part(this.element, "input"));
    this.choices = new Choices(this.field, part(this.element, "[role=listbox]"));
    this.field.addEventListener("input", () => this.#show());
    this.element.addEventListener("toggle", (event) => this.#toggled(/** @type {ToggleEvent} */ (event)));
    this.beside = /** @type {HTMLInputElement} */ (part(this.element, "[data-picked-beside]"));
    this.beside.addEventListener("change", () => this.field.focus());
    part(this.element, "[data-again]").addEventListener("click", () => this.#load());
    addEventListener("resize", () => this.#asked && this.#place(this.#asked.anchor));
  }

  /**
   * @param {HTMLElement} anchor the button that asks; focus goes back to it
   * @param {Target} current
   * @param {(target: Target) => void} chosen
   */
  open(anchor, current, chosen) {
    this.#asked = { anchor, current, chosen };
    this.field.value = "";
    this.beside.checked = false;
    const company = anchor.closest("[data-message]")?.querySelector("[data-model]")?.textContent ?? current.model_id ?? "";
    part(this.element, "[data-beside-row]").hidden = !company;
    part(this.element, "[data-beside-words]").textContent = word("side_by_side_with", { model: company });
    this.element.showPopover();
    this.#show();
    this.#place(anchor);
    this.field.focus();
    this.#load();
  }

  async #load() {
    this.#failed = "";
    this.#show();
    try {
      const { models, default: standard } = await get("/models/");
      this.#default = standard;
      if (JSON.stringify(models) === JSON.stringify(this.#models)) return;
      this.#models = models;
    } catch (error) {
      this.#failed = /** @type {import("../lib/site.js").CommandError} */ (error).sentence ?? word("unexpected");
    }
    this.#show();
    if (this.#asked) this.#place(this.#asked.anchor);
  }

  #show() {
    if (!this.#asked) return;
    const query = this.field.value.trim();
    const offered = (this.#models ?? []).filter((model) => !model.hidden && (query || model.capabilities.chat !== false));
    const found = matching(offered, query, (model) => `${model.id} ${model.name} ${model.provider_name}`);
    const known = this.#models?.some((model) => model.id === query);
    const providers = [...new Set(found.map((model) => model.provider))];
    const groups = providers.map((provider) => {
      const its = found.filter((model) => model.provider === provider);
      return { name: its[0]?.provider_name ?? "", choices: its.map((model) => this.#choice(model)) };
    });
    const typed = query && !known ? [{ label: query, detail: word("as_typed"), icon: "pencil", run: () => this.#chosen({ model_id: query }) }] : [];
    this.choices.show([...groups, { name: word("any_name"), choices: typed }], this.#models ? word("no_models") : this.#failed ? "" : word("asking_models"), !query);
    const failure = part(this.element, "[data-failed]");
    failure.hidden = !this.#failed;
    part(failure, "[data-why]").textContent = this.#failed;
  }

  /** @param {Model} model @returns {import("./choices.js").Choice} */
  #choice(model) {
    const { provider, id } = model;
    const current = this.#asked?.current;
    const standard = this.#default?.provider === provider && this.#default.model_id === id;
    const facts = [
      standard && word("default_model"),
      model.context_length && word("context_of", { tokens: short(model.context_length) }),
      model.capabilities.vision && word("sees_pictures"),
      model.shutdown_date && word("ends_on", { date: model.shutdown_date }),
    ];
    return {
      label: model.name,
      detail: facts.filter(Boolean).join(" · "),
      current: current?.model_id === id && (!current.provider || current.provider === provider),
      run: () => this.#chosen({ provider, model_id: id }),
    };
  }

  /** @param {Target} target */
  #chosen(target) {
    const asked = this.#asked;
    this.element.hidePopover();
    asked?.chosen({ ...target, ...(this.beside.checked && { beside: true }) });
  }

  /** Above the button where there is more room; on a phone at the bottom, above the keyboard. @param {HTMLElement} anchor */
  #place(anchor) {
    const { style } = this.element;
    style.insetBlock = style.left = style.maxBlockSize = "";
    if (PHONE.matches) return;
    const { top, bottom, left } = anchor.getBoundingClientRect();
    const above = top > innerHeight - bottom;
    style.insetBlock = above ? `auto ${innerHeight - top + GAP}px` : `${bottom + GAP}px auto`;
    style.maxBlockSize = `${Math.min((above ? top : innerHeight - bottom) - 4 * GAP, 432)}px`;
    style.left = `${Math.max(GAP, Math.min(left, innerWidth - this.element.offsetWidth - 2 * GAP))}px`;
  }

  /** @param {ToggleEvent} event */
  #toggled(event) {
    const anchor = this.#asked?.anchor;
    anchor?.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "open") return;
    if (this.element.contains(document.activeElement) || document.activeElement === document.body) anchor?.focus();
  }
}

/** Tokens as people say them: 128k, 1M. @param {number} tokens */
function short(tokens) {
  return new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 0 }).format(tokens).replace("K", "k");
}

/** @type {Picker | null} */
let picker = null;

/** @param {Parameters<Picker["open"]>} asked */
export function pick(...asked) {
  return withLists(() => {
    picker ??= new Picker();
    picker.open(...asked);
  });
}
