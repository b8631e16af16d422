/** The mask painter: tools, undo and redo, the rectangle by numbers, and the mask itself as the API wants it. */

import { fill, part } from "../lib/site.js";
import { add, isBlank, NOTHING, painted, rectangle, redo, sinceClear, undo } from "../lib/strokes.js";
import { Surface } from "./mask_surface.js";

const LOOK = 128; // pixels across of the small copy that is measured after each stroke
const SIZES = [4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512]; // for [ and ]

export class Painter {
  #acts = NOTHING;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.percent = part(element, "[data-scale]");
    this.said = part(element, "[data-painted]");
    this.brush = /** @type {HTMLInputElement} */ (part(element, "[data-brush-size]"));
    this.surface = new Surface(part(element, "[data-surface]"), {
      done: (act) => this.#become(add(this.#acts, act)),
      abandoned: () => this.#become(this.#acts),
      viewed: (scale) => { this.percent.textContent = `${Math.round(scale * 100)} %`; },
    });
    this.brush.addEventListener("input", () => this.#resize(Number(this.brush.value)));
    element.addEventListener("click", (event) => this.#clicked(event));
    element.addEventListener("keydown", (event) => this.#walk(event));
    addEventListener("keydown", (event) => this.#key(event));
    this.#resize(Number(this.brush.value));
    this.#become(NOTHING);
  }

  /** Whether something is painted, as far as a small copy shows. */
  get blank() {
    return isBlank(this.#acts) || this.#share() === 0;
  }

  /**
   * A PNG of the picture's size: transparent where it may change, opaque elsewhere (wire.md section 4).
   * @returns {Promise<Blob | null>} null when nothing is painted: then all of the picture may change
   */
  async mask() {
    if (this.blank) return null;
    const { width, height } = this.surface.picture;
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.fillRect(0, 0, width, height);
    context.globalCompositeOperation = "destination-out";
    context.drawImage(this.surface.canvas, 0, 0);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }

  /** @param {import("../lib/strokes.js").Acts} acts */
  #become(acts) {
    this.#acts = acts;
    this.surface.paint(sinceClear(acts.done));
    part(this.element, "[data-do=undo]").toggleAttribute("disabled", acts.done.length === 0);
    part(this.element, "[data-do=redo]").toggleAttribute("disabled", acts.undone.length === 0);
    part(this.element, "[data-do=clear]").toggleAttribute("disabled", isBlank(acts));
    const { none = "", some = "", all = "" } = this.said.dataset;
    const share = this.blank ? 0 : this.#share();
    this.said.textContent = share === 0 ? none : share === 100 ? all : fill(some, { share });
    this.element.dispatchEvent(new CustomEvent("painted", { detail: share }));
  }

  /** In percents, from a small copy: of a large picture every pixel would take longer than a stroke. */
  #share() {
    const { width, height } = this.surface.picture;
    const less = Math.min(1, LOOK / Math.max(width, height));
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: Math.max(1, Math.round(width * less)), height: Math.max(1, Math.round(height * less)) });
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
    context.imageSmoothingQuality = "high";
    context.drawImage(this.surface.canvas, 0, 0, canvas.width, canvas.height);
    return painted(context.getImageData(0, 0, canvas.width, canvas.height).data);
  }

  // ---- tools ----

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest("button")) : null;
    if (button?.dataset.tool) this.#take(/** @type {import("./mask_surface.js").Tool} */ (button.dataset.tool));
    else if (button?.dataset.do) this.#do(button.dataset.do);
  }

  /** @param {import("./mask_surface.js").Tool} tool */
  #take(tool) {
    this.surface.tool = tool;
    this.surface.element.dataset.tool = tool;
    for (const button of this.element.querySelectorAll("[data-tool][aria-pressed]")) {
      button.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (button).dataset.tool === tool));
    }
  }

  /** @param {string} what */
  #do(what) {
    if (what === "undo") this.#become(undo(this.#acts));
    else if (what === "redo") this.#become(redo(this.#acts));
    else if (what === "clear" || what === "invert") this.#become(add(this.#acts, { kind: what }));
    else if (what === "nearer" || what === "further") this.surface.step(what === "nearer" ? 1 : -1);
    else if (what === "fit") this.surface.fit();
    else if (what === "paint" || what === "erase") this.#byNumbers(what === "erase");
  }

  /** @param {boolean} erase */
  #byNumbers(erase) {
    const at = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (part(this.element, `[data-percent=${name}]`)).valueAsNumber;
    const percents = { left: at("left"), top: at("top"), width: at("width"), height: at("height") };
    const act = rectangle(percents, this.surface.picture, erase);
    part(this.element, "[data-no-rectangle]").hidden = act !== null;
    if (act) this.#become(add(this.#acts, act));
  }

  /** @param {number} position of the slider, 0 to 100: small brushes are told apart more finely */
  #resize(position) {
    const { width, height } = this.surface.picture;
    const largest = Math.max(64, Math.min(width, height) / 2);
    this.surface.size = Math.round(4 * (largest / 4) ** (position / 100));
    this.brush.setAttribute("aria-valuetext", `${this.surface.size} px`);
  }

  /** One brush larger or smaller. @param {1 | -1} direction */
  #nextSize(direction) {
    const now = this.surface.size;
    const next = direction > 0 ? SIZES.find((size) => size > now) : SIZES.findLast((size) => size < now);
    if (!next) return;
    const { width, height } = this.surface.picture;
    const largest = Math.max(64, Math.min(width, height) / 2);
    this.brush.valueAsNumber = Math.min(100, (Math.log(next / 4) / Math.log(largest / 4)) * 100);
    this.#resize(this.brush.valueAsNumber);
  }

  // ---- keys ----

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.defaultPrevented || event.isComposing || (event.target instanceof Element && event.target.matches("textarea, input:not([type=range]), select"))) return;
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && (key === "z" || key === "y")) this.#do(key === "y" || event.shiftKey ? "redo" : "undo");
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.target === this.surface.element && (key === "[" || key === "]")) this.#nextSize(key === "]" ? 1 : -1);
    else return;
    event.preventDefault();
  }

  /** The tools are one tab stop; arrows go from one to the next. @param {KeyboardEvent} event */
  #walk(event) {
    const tools = /** @type {HTMLElement[]} */ ([...part(this.element, "[role=toolbar]").querySelectorAll("button")]);
    const at = tools.indexOf(/** @type {HTMLElement} */ (event.target));
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (at < 0 || !step) return;
    event.preventDefault();
    const able = tools.filter((tool, index) => index === at || !tool.matches(":disabled"));
    const next = able[(able.indexOf(/** @type {HTMLElement} */ (tools[at])) + step + able.length) % able.length];
    for (const tool of tools) tool.tabIndex = tool === next ? 0 : -1;
    next?.focus();
  }
}
