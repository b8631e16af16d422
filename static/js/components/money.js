/** Money in passing: about what a question costs before it is sent, what an answer has cost so far, and what it did cost. */

import { costOf, PER_MESSAGE, shortAmount, tokensOf } from "../lib/money.js";
import { get, part, word } from "../lib/site.js";

/** @typedef {{ mode: string, rates: import("../lib/money.js").Rates | null, ceiling: number | null }} Price */

const REST = 150; // milliseconds without a key before an estimate
const SIGN = document.body.dataset.money ?? "";

export class Money {
  /** @type {Map<string, Promise<Price | null>>} */
  #prices = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waiting;
  #total;
  /** @type {WeakMap<Element, number>} */
  #counted = new WeakMap();

  /** @param {HTMLElement} element the conversation */
  constructor(element) {
    this.element = element;
    this.form = part(element, "[data-composer]");
    this.field = /** @type {HTMLTextAreaElement} */ (part(this.form, "textarea"));
    this.model = /** @type {HTMLInputElement} */ (part(this.form, "[data-model-choice]"));
    this.before = element.querySelector("[data-money-before]");
    this.whole = /** @type {HTMLElement | null} */ (document.querySelector("[data-conversation-cost]"));
    this.#total = Number(this.whole?.dataset.conversationCost || 0);
    this.form.addEventListener("input", () => this.#soon());
    const changed = new MutationObserver((changes) => changes.forEach((change) => this.#changed(change)));
    changed.observe(element, { subtree: true, attributes: true, attributeFilter: ["data-cost"], attributeOldValue: true });
    setInterval(() => this.#tick(), 1_000);
    this.#soon();
  }

  // ---- before ----

  #soon() {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.#estimate(), REST);
  }

  async #estimate() {
    const text = this.field.value;
    if (!this.before) return;
    const attached = Number(this.form.dataset.tokens ?? 0);
    if (!text.trim() && !attached) {
      this.before.textContent = "";
      return;
    }
    const prices = await Promise.all([this.#price(), ...this.#also().map((model) => this.#priceOf(model))]);
    if (prices.some((price) => price === null) || text !== this.field.value) return;
    this.before.textContent = this.#beforeWords(/** @type {Price[]} */ (prices), this.#prompt() + tokensOf(text) + attached + PER_MESSAGE);
  }

  /** Who answers the same. @returns {import("../models/sender.js").Model[]} */
  #also() {
    return JSON.parse(this.model.dataset.also || "[]");
  }

  /** @param {Price[]} prices of all that are asked @param {number} prompt */
  #beforeWords(prices, prompt) {
    const tokens = word("money_tokens", { tokens: prompt.toLocaleString(document.documentElement.lang) });
    const asked = sum(prices.map((price) => costOf(price.rates, prompt, 0)));
    if (asked === null) return `${tokens} · ${word("money_unknown")}`;
    const most = sum(prices.map((price) => price.ceiling === null ? null : costOf(price.rates, Math.ceil(prompt * 1.25) + PER_MESSAGE, price.ceiling * this.#set("answers"))));
    if (most === 0 || (asked === 0 && !prices.some((price) => price.rates?.completion))) return `${tokens} · ${word("money_free")}`;
    const words = [tokens, word("money_about", { amount: amount(asked) })];
    if (most !== null) words.push(word("money_most", { amount: amount(most) }));
    return words.join(" · ");
  }

  /** What the parameters add to an estimate. @param {"tokens" | "answers"} name */
  #set(name) {
    const said = Number(/** @type {HTMLElement | null} */ (document.querySelector("[data-parameters]"))?.dataset[name]);
    return said || (name === "answers" ? 1 : 0);
  }

  /** About how many tokens the shown branch has, the system prompt included. */
  #prompt() {
    return this.#set("tokens") + [...this.element.querySelectorAll("[data-message]")].reduce((sum, one) => sum + this.#tokens(one) + PER_MESSAGE, 0);
  }

  /** About how many tokens a message has; they are counted once, when it will not grow any more. @param {Element} message */
  #tokens(message) {
    const known = this.#counted.get(message);
    if (known !== undefined) return known;
    const files = [.../** @type {NodeListOf<HTMLElement>} */ (message.querySelectorAll("[data-tokens]"))].reduce((sum, { dataset }) => sum + Number(dataset.tokens), 0);
    const tokens = files + tokensOf(message.querySelector("[data-text]")?.textContent ?? "");
    if (!message.hasAttribute("data-running") && !message.hasAttribute("data-pending")) this.#counted.set(message, tokens);
    return tokens;
  }

  /** @returns {Promise<Price | null>} of the chosen model */
  #price() {
    return this.#priceOf({ provider: this.model.dataset.provider, model_id: this.model.value });
  }

  /** @param {import("../models/sender.js").Model} model @returns {Promise<Price | null>} */
  #priceOf({ provider = "", model_id = "" }) {
    const query = String(new URLSearchParams({ provider, model_id }));
    const known = this.#prices.get(query) ?? get(`/balance/price/?${query}`).catch(() => null);
    this.#prices.set(query, known);
    return known;
  }

  // ---- during ----

  async #tick() {
    if (this.before && !this.field.value.trim() && !Number(this.form.dataset.tokens ?? 0)) this.before.textContent = ""; // sent: nobody typed that away
    const answer = /** @type {HTMLElement | null} */ (this.element.querySelector(".answer[data-running]"));
    const place = answer?.querySelector("[data-cost-words]");
    const price = answer && (await this.#price());
    if (!answer?.hasAttribute("data-running") || !place || !price) return;
    this.#counted.delete(answer); // it may go on after a stop
    const written = this.#tokens(answer);
    const cost = costOf(price.rates, this.#prompt() - written, written);
    place.textContent = cost ? word("money_so_far", { amount: amount(cost) }) : "";
  }

  // ---- after ----

  /** @param {MutationRecord} change */
  #changed({ target, oldValue }) {
    const answer = /** @type {HTMLElement} */ (target);
    const { cost = "", costMarks = "" } = answer.dataset;
    const place = answer.querySelector("[data-cost-words]");
    if (place) place.textContent = costWords(cost, costMarks.split(" "));
    if (oldValue === null) return; // an older message that was fetched: the conversation's cost contains it
    this.#total += Number(cost) - Number(oldValue);
    if (this.whole && this.#total) this.whole.textContent = word("money_conversation", { amount: amount(this.#total) });
  }
}

/** Nothing is known of a sum of which a part is not. @param {(number | null)[]} amounts */
function sum(amounts) {
  return amounts.reduce((total, one) => (total === null || one === null ? null : total + one), 0);
}

/** @param {string} cost @param {string[]} marks */
function costWords(cost, marks) {
  if (cost === "") return marks.includes("unknown") ? word("money_unknown") : "";
  const shown = amount(Number(cost));
  const words = marks.includes("estimate") ? word("money_about", { amount: shown }) : shown;
  return marks.includes("overrun") ? `${words} (${word("money_overrun")})` : words;
}

/** @param {number} micro */
function amount(micro) {
  return shortAmount(micro, SIGN) ?? word("money_under", { amount: `${SIGN}0.0001` });
}
