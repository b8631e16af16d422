/** Answers side by side: a column each, with a head that says which it is and goes on with it. Comes with the first of them. */

import { clone, part, word } from "../lib/site.js";

/** @typedef {import("../models/events.js").Message} Message */
/** @typedef {{ message: Message, element?: HTMLElement }} Column */

export class Columns {
  /** @param {HTMLElement} thread */
  constructor(thread) {
    this.element = /** @type {HTMLElement} */ (thread.querySelector("[data-beside]") ?? clone("beside"));
    this.row = part(this.element, "[data-columns]");
  }

  /**
   * Those that are not shown any more have gone by now, and one that was chosen stands in the thread again.
   * @param {Column[]} columns in order; none: nothing stands side by side
   * @param {string} leaf the message that the next one follows
   */
  show(columns, leaf) {
    if (columns.length === 0) {
      this.element.remove();
      for (const head of document.querySelectorAll("[data-column-head]")) head.remove();
      return;
    }
    const several = new Set(columns.map(({ message }) => message.model_id)).size > 1;
    for (const [index, { message, element }] of columns.entries()) {
      if (!element) continue;
      if (this.row.children[index] !== element) this.row.insertBefore(element, this.row.children[index] ?? null);
      element.toggleAttribute("data-leaf", message.id === leaf);
      fill(headOf(element), message, word("column_place", { number: index + 1, count: columns.length }), several);
    }
  }
}

/** @param {HTMLElement} element of an answer */
function headOf(element) {
  const there = /** @type {HTMLElement | null} */ (element.querySelector("[data-column-head]"));
  if (there) return there;
  const head = clone("column-head");
  element.prepend(head);
  return head;
}

/** @param {HTMLElement} head @param {Message} message @param {string} place @param {boolean} several models answer */
function fill(head, message, place, several) {
  const shown = part(head, "[data-column-place]");
  if (shown.textContent !== place) shown.textContent = place;
  const model = part(head, "[data-column-model]");
  const name = several ? message.model_id ?? "" : "";
  if (model.textContent !== name) model.textContent = name;
  const choose = /** @type {HTMLButtonElement} */ (part(head, "[data-choose]"));
  choose.dataset.choose = name; // to go on with an answer is to go on with its model
  if (choose.dataset.show === message.id) return;
  choose.dataset.show = message.id;
  choose.formAction = `/messages/${message.id}/show/`;
}
