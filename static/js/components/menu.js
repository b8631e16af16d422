/** A menu that a button opens: placed beside it, walked through by arrows, and focus goes back where it came from. */

import { part } from "../lib/site.js";

export class Menu {
  /** @type {HTMLElement | null} */
  #button = null;

  /** @param {HTMLElement} element `popover`, with `role=menuitem` in it @param {(item: HTMLElement) => void} chosen */
  constructor(element, chosen) {
    this.element = element;
    this.chosen = chosen;
    element.addEventListener("click", (event) => this.#clicked(event));
    element.addEventListener("toggle", (event) => this.#toggled(/** @type {ToggleEvent} */ (event)));
    element.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {HTMLElement} button */
  open(button) {
    this.#button = button;
    const { bottom, top, right } = button.getBoundingClientRect();
    this.element.showPopover();
    const { offsetHeight, offsetWidth } = this.element;
    const below = bottom + offsetHeight < innerHeight;
    this.element.style.insetBlockStart = `${below ? bottom + 4 : Math.max(8, top - offsetHeight - 4)}px`;
    this.element.style.left = `${Math.max(8, Math.min(right - 32, innerWidth - offsetWidth - 8))}px`;
    part(this.element, "button:not([hidden])").focus();
  }

  /** @param {ToggleEvent} event */
  #toggled(event) {
    this.#button?.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "closed" && this.element.contains(document.activeElement)) this.#button?.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const items = /** @type {HTMLElement[]} */ ([...this.element.querySelectorAll("[role=menuitem]:not([hidden])")]);
    const index = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const places = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: -1 };
    if (!(event.key in places)) return;
    event.preventDefault();
    items.at(places[/** @type {keyof typeof places} */ (event.key)] % items.length)?.focus();
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const item = event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest("[role=menuitem]")) : null;
    if (!item) return;
    this.element.hidePopover();
    this.chosen(item);
  }
}
