/** The picture that is painted on: where it stands, what pointers do to it, and the ring that shows the brush. */

import { part } from "../lib/site.js";
import { between, draw, thinned } from "../lib/strokes.js";
import { inPicture, moved, pinched, stepped, whole, zoomed } from "../lib/viewport.js";

const CLOSER = 0.0018; // how far a wheel's step zooms
const PAN = 48; // CSS pixels for an arrow key

/** @typedef {import("../lib/viewport.js").Point} Point */
/** @typedef {"brush" | "eraser" | "rectangle" | "hand"} Tool */

export class Surface {
  /** @type {Tool} */
  tool = "brush";
  size = 64; // the brush's diameter, in pixels of the picture
  /** @type {Map<number, Point>} */
  #fingers = new Map();
  /** @type {((at: Point, event: PointerEvent) => void) | null} */
  #moving = null;
  /** @type {(() => void) | null} */
  #ending = null;
  #held = false; // the space bar makes a hand of every tool

  /**
   * @param {HTMLElement} element
   * @param {{ done: (act: import("../lib/strokes.js").Act) => void, abandoned: () => void, viewed: (scale: number) => void }} hears
   */
  constructor(element, hears) {
    this.element = element;
    this.hears = hears;
    this.stage = part(element, "[data-stage]");
    this.ring = part(element, "[data-ring]");
    this.band = part(element, "[data-band]");
    this.canvas = /** @type {HTMLCanvasElement} */ (part(element, "canvas"));
    this.picture = { width: this.canvas.width, height: this.canvas.height };
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.view = whole(this.#space, this.picture);
    this.#listen();
    new ResizeObserver(() => this.#show(moved(this.view.scale < this.#whole.scale ? this.#whole : this.view, 0, 0, this.#space, this.picture))).observe(element);
    this.fit();
  }

  fit() {
    this.#show(this.#whole);
  }

  /** @param {1 | -1} direction */
  step(direction) {
    this.#show(stepped(this.view, direction, this.#space, this.picture));
  }

  /** Paint all of it anew. @param {readonly import("../lib/strokes.js").Act[]} acts */
  paint(acts) {
    this.context.clearRect(0, 0, this.picture.width, this.picture.height);
    for (const act of acts) draw(this.context, act);
  }

  get #space() {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }

  get #whole() {
    return whole(this.#space, this.picture);
  }

  /** @param {import("../lib/viewport.js").View} view */
  #show(view) {
    this.view = view;
    this.stage.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
    this.hears.viewed(view.scale);
  }

  // ---- pointers ----

  #listen() {
    const { element } = this;
    element.addEventListener("pointerdown", (event) => this.#down(event));
    element.addEventListener("pointermove", (event) => this.#move(event));
    for (const type of ["pointerup", "pointercancel"]) element.addEventListener(type, (event) => this.#up(/** @type {PointerEvent} */ (event)));
    element.addEventListener("pointerleave", () => { this.ring.hidden = true; });
    element.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    element.addEventListener("keydown", (event) => this.#key(event));
    element.addEventListener("keyup", (event) => { if (event.key === " ") this.#hold(false); });
    element.addEventListener("blur", () => this.#hold(false));
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button > 1) return;
    event.preventDefault();
    this.element.focus({ preventScroll: true });
    this.element.setPointerCapture(event.pointerId);
    this.#fingers.set(event.pointerId, this.#at(event));
    if (this.#fingers.size > 1) this.#pinch();
    else if (event.button === 1 || this.#held || this.tool === "hand") this.#pan();
    else if (this.tool === "rectangle") this.#rectangle(this.#at(event), event.altKey);
    else this.#stroke(this.#at(event));
  }

  /** @param {PointerEvent} event */
  #move(event) {
    this.#showRing(event);
    if (!this.#fingers.has(event.pointerId)) return;
    const points = event.getCoalescedEvents?.() ?? [];
    for (const one of points.length ? points : [event]) this.#moving?.(this.#at(one), event);
    this.#fingers.set(event.pointerId, this.#at(event));
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (!this.#fingers.delete(event.pointerId)) return;
    if (this.#fingers.size === 0) this.#end(event.type === "pointercancel");
    if (event.pointerType !== "mouse") this.ring.hidden = true;
  }

  /** @param {boolean} [abandon] */
  #end(abandon = false) {
    const ending = this.#ending;
    this.#moving = this.#ending = null;
    this.band.hidden = true;
    if (abandon && ending) this.hears.abandoned();
    else ending?.();
  }

  /** @param {Point} start */
  #stroke(start) {
    const erase = this.tool === "eraser";
    const points = inPicture(this.view, start);
    const size = this.size;
    draw(this.context, { kind: "brush", erase, size, points });
    /** @type {number[]} */
    let all = points;
    this.#moving = (at) => {
      const next = inPicture(this.view, at);
      draw(this.context, { kind: "brush", erase, size, points: [...all.slice(-2), ...next] });
      all.push(...next);
    };
    this.#ending = () => this.hears.done({ kind: "brush", erase, size, points: thinned(all, size) });
  }

  /** @param {Point} start @param {boolean} erase */
  #rectangle(start, erase) {
    const from = inPicture(this.view, start);
    let to = from;
    this.#moving = (at) => {
      to = inPicture(this.view, at);
      this.band.hidden = false;
      const [left, top] = [Math.min(start[0], at[0]), Math.min(start[1], at[1])];
      Object.assign(this.band.style, { left: `${left}px`, top: `${top}px`, width: `${Math.abs(at[0] - start[0])}px`, height: `${Math.abs(at[1] - start[1])}px` });
    };
    this.#ending = () => {
      const act = between(from, to, this.picture, erase);
      if (act) this.hears.done(act);
    };
  }

  #pan() {
    this.#moving = (at, event) => {
      const [x, y] = this.#fingers.get(event.pointerId) ?? at;
      this.#show(moved(this.view, at[0] - x, at[1] - y, this.#space, this.picture));
      this.#fingers.set(event.pointerId, at);
    };
    this.#ending = null;
  }

  /** A second finger: what the first one began to paint was not meant. */
  #pinch() {
    this.#end(true);
    this.#moving = (at, event) => {
      const [one, other] = [...this.#fingers.keys()];
      if (one === undefined || other === undefined) return;
      const before = /** @type {[Point, Point]} */ ([this.#fingers.get(one), this.#fingers.get(other)]);
      const after = /** @type {[Point, Point]} */ (event.pointerId === one ? [at, before[1]] : [before[0], at]);
      this.#show(pinched(this.view, before, after, this.#space, this.picture));
      this.#fingers.set(event.pointerId, at);
    };
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    const fits = this.view.scale <= this.#whole.scale;
    if (!event.ctrlKey && !event.metaKey && fits) return; // the page scrolls
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) this.#show(zoomed(this.view, Math.exp(-event.deltaY * CLOSER), this.#at(event), this.#space, this.picture));
    else this.#show(moved(this.view, -event.deltaX, -event.deltaY, this.#space, this.picture));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const arrows = { ArrowLeft: [PAN, 0], ArrowRight: [-PAN, 0], ArrowUp: [0, PAN], ArrowDown: [0, -PAN] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in arrows) {
      const [x = 0, y = 0] = arrows[/** @type {keyof typeof arrows} */ (event.key)];
      this.#show(moved(this.view, x, y, this.#space, this.picture));
    } else if (event.key === "+" || event.key === "=") this.step(1);
    else if (event.key === "-") this.step(-1);
    else if (event.key === "0") this.fit();
    else if (event.key === " ") this.#hold(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {boolean} held */
  #hold(held) {
    this.#held = held;
    this.element.dataset.tool = held ? "hand" : this.tool;
  }

  /** @param {MouseEvent} event @returns {Point} */
  #at(event) {
    const { left, top } = this.element.getBoundingClientRect();
    return [event.clientX - left - this.element.clientLeft, event.clientY - top - this.element.clientTop];
  }

  /** @param {PointerEvent} event */
  #showRing(event) {
    const paints = (this.tool === "brush" || this.tool === "eraser") && !this.#held;
    this.ring.hidden = !paints || (event.pointerType !== "mouse" && event.pressure === 0);
    const across = Math.max(4, this.size * this.view.scale);
    const [x, y] = this.#at(event);
    Object.assign(this.ring.style, { width: `${across}px`, height: `${across}px`, translate: `${x - across / 2}px ${y - across / 2}px` });
  }
}
