/** Text that is too much to be drawn richly: as it was written, some of it at first and more by a button. */

import { clone, part } from "../lib/site.js";

const AT_FIRST = 20_000; // characters
const MORE = 200_000;

export class PlainText {
  #text = "";
  #shown = AT_FIRST;

  constructor() {
    this.element = clone("plain");
    this.place = part(this.element, "[data-plain]");
    this.button = part(this.element, "[data-more]");
    this.button.addEventListener("click", () => {
      this.#shown += MORE;
      this.#draw();
    });
  }

  /** @param {string} text the whole text so far */
  show(text) {
    if (text === this.#text) return;
    this.#text = text;
    this.#draw();
  }

  #draw() {
    const shown = this.#text.slice(0, this.#shown);
    const before = this.place.textContent ?? "";
    if (shown.startsWith(before)) this.place.append(shown.slice(before.length));
    else this.place.textContent = shown;
    this.button.hidden = shown.length === this.#text.length;
  }
}
