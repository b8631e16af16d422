/** The state of the line: nothing while it is fine, "Reconnecting" after a second, "Offline" when the network is away. */

import { word } from "../lib/words.js";

const AFTER = 1_000;

export class Line {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #down = false;

  constructor() {
    this.element = /** @type {HTMLElement | null} */ (document.querySelector("[data-line]"));
    for (const type of ["online", "offline"]) addEventListener(type, () => this.#show());
  }

  /** @param {import("../models/socket.js").LineState} state */
  show(state) {
    clearTimeout(this.#timer);
    if (state === "open" || state === "ended") {
      this.#down = false;
      this.#show();
    } else this.#timer = setTimeout(() => { this.#down = true; this.#show(); }, AFTER);
  }

  #show() {
    if (!this.element) return;
    const offline = !navigator.onLine;
    this.element.hidden = !offline && !this.#down;
    const words = this.element.querySelector("[data-words]");
    if (words) words.textContent = word(offline ? "offline" : "reconnecting");
  }
}
