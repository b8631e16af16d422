/** The form for pictures, live: it adapts to the model, says what things cost, sends in place, and asks before much is spent. */

import { shortAmount } from "../lib/money.js";
import { CommandError, fill, get, part, post, uuid, word } from "../lib/site.js";
import { pieceOf } from "../lib/later.js";

const REST = 250; // milliseconds without a key before a price is asked for
const TOLD = 2_000; // characters of the prompt that its price is told for: an address is not for more
const OWN = new Set(["csrfmiddlewaretoken", "client_id", "confirmed"]);

export class ImageForm {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typing;
  #asked = 0; // prices so far: only the last one's answer is shown

  /**
   * @param {HTMLFormElement} form
   * @param {{ sent: (job: { id: string, url: string }) => void, mask?: () => Promise<string> }} hears `mask` gives the id of a file
   */
  constructor(form, hears) {
    this.form = form;
    this.hears = hears;
    this.kind = form.dataset.kind ?? "";
    this.button = part(form, "[data-send]");
    form.addEventListener("input", () => this.#soon());
    form.addEventListener("change", (event) => this.#changed(/** @type {HTMLElement} */ (event.target)));
    form.addEventListener("submit", (event) => this.#submitted(event));
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) form.requestSubmit();
    });
    this.#describe();
    this.#soon();
  }

  /** As a query: what the page and the price need to know. */
  get #query() {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && value && !OWN.has(name)) query.append(name, name === "prompt" ? value.slice(0, TOLD) : value);
    }
    return query;
  }

  // ---- what the model has ----

  /** @param {HTMLElement} field */
  #changed(field) {
    if (field.matches("[data-model], [data-other-model]")) this.#adapt(field.id);
    else this.#soon();
  }

  /** The settings of another model, with what was chosen as far as it has that. @param {string} focused */
  async #adapt(focused) {
    const options = part(this.form, "[data-options]");
    const query = this.#query;
    for (const source of query.getAll("sources")) query.append("file", source);
    query.delete("sources");
    query.delete("prompt");
    options.setAttribute("aria-busy", "true");
    const fresh = /** @type {HTMLElement | null} */ (await pieceOf(`${location.pathname}?${query}`, "[data-options]").catch(() => null));
    options.removeAttribute("aria-busy");
    if (!fresh) return; // what it refuses is said after sending
    part(fresh, "[data-more]").toggleAttribute("open", options.querySelector("[data-more]")?.hasAttribute("open"));
    const within = options.contains(document.activeElement) || document.activeElement === document.body;
    options.replaceWith(fresh);
    if (within) document.getElementById(focused)?.focus();
    this.#describe();
    this.#soon();
  }

  #describe() {
    const size = /** @type {HTMLInputElement | null} */ (this.form.querySelector("[name=size]:checked"));
    const measures = this.form.querySelector("[data-measures]");
    const free = /** @type {HTMLElement | null} */ (this.form.querySelector("[data-free]"));
    if (measures) measures.textContent = /^\d/.test(size?.value ?? "") ? (size?.value ?? "").replace("x", " × ") : "";
    if (free) free.hidden = size?.value !== "custom";
    const count = Number(/** @type {HTMLInputElement} */ (part(this.form, "[name=n]")).value) || 1;
    const { one = "", some = "" } = this.button.dataset;
    this.button.textContent = count === 1 ? one : fill(some, { count });
  }

  // ---- what it costs ----

  #soon() {
    this.#describe();
    part(this.form, "[data-confirm]").hidden = true;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#price(), REST);
  }

  async #price() {
    const asked = ++this.#asked;
    const query = this.#query;
    const [provider = "", ...model] = (query.get("model") ?? "").split(" ");
    query.set("provider", provider);
    query.set("model_id", query.get("model_id") || model.join(" "));
    if (query.get("size") === "custom") query.set("size", `${query.get("width")}x${query.get("height")}`);
    if (!query.get("model_id")) return;
    const answer = await get(`/images/options/?${query}`).catch(() => null);
    if (!answer || asked !== this.#asked) return;
    const wrong = Object.values(answer.wrong).join(" ");
    part(this.form, "[data-cost-before]").textContent = wrong || costWords(answer.estimate);
  }

  // ---- sending ----

  /** @param {SubmitEvent} event */
  async #submitted(event) {
    event.preventDefault();
    if (this.button.getAttribute("aria-busy")) return;
    const confirmed = Boolean(event.submitter?.hasAttribute("data-confirmed"));
    this.button.setAttribute("aria-busy", "true");
    for (const name of ["[data-refused]", "[data-confirm]"]) part(this.form, name).hidden = true;
    for (const field of this.form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    try {
      const { job } = await post(this.form.action, { ...this.#fields(), confirmed, ...(await this.#mask()) });
      /** @type {HTMLInputElement} */ (part(this.form, "[name=client_id]")).value = uuid();
      this.hears.sent(job);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.#refused(error);
    } finally {
      this.button.removeAttribute("aria-busy");
    }
  }

  #fields() {
    const data = new FormData(this.form);
    const found = Object.fromEntries([...data].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken"));
    return { ...found, sources: data.getAll("sources") };
  }

  async #mask() {
    const mask = await this.hears.mask?.();
    return mask ? { mask } : {};
  }

  /** @param {CommandError} error */
  #refused(error) {
    const confirm = error.code === "confirmation_needed";
    const name = confirm ? "confirm" : "refused";
    const fields = /** @type {Record<string, string>} */ (error.data.fields ?? {});
    part(this.form, `[data-${name}-words]`).textContent = [error.sentence, ...Object.values(fields)].join(" ");
    part(this.form, `[data-${name}]`).hidden = false;
    for (const wrong of Object.keys(fields)) this.form.querySelector(`[name="${CSS.escape(wrong)}"]`)?.setAttribute("aria-invalid", "true");
    if (confirm) part(this.form, "[data-confirmed]").focus();
  }
}

/** Before sending; nothing where money is not shown. @param {number | null} estimate micro-units */
function costWords(estimate) {
  const sign = document.body.dataset.money;
  if (!sign) return "";
  if (estimate === null) return word("money_unknown");
  if (estimate === 0) return word("money_free");
  return word("money_about", { amount: shortAmount(estimate, sign) ?? word("money_under", { amount: `${sign}0.0001` }) });
}
