/** What was painted, as a list of acts that can be taken back; and the one way to draw them. Pure but for the canvas it is given.
 *
 * All places are in pixels of the picture itself, so that nothing changes with the zoom or the screen.
 */

/** @typedef {{ kind: "brush", erase: boolean, size: number, points: readonly number[] }} Brush points: x, y, x, y; size: diameter */
/** @typedef {{ kind: "rect", erase: boolean, x: number, y: number, width: number, height: number }} Rect */
/** @typedef {Brush | Rect | { kind: "clear" } | { kind: "invert" }} Act */
/** @typedef {{ done: readonly Act[], undone: readonly Act[] }} Acts */
/** @typedef {{ width: number, height: number }} Size */
/** @typedef {{ left: number, top: number, width: number, height: number }} Percents of the picture's sides */

/** @type {Acts} */
export const NOTHING = Object.freeze({ done: [], undone: [] });
const INK = "#e5399b"; // a pink that few pictures have; the mask is made from its opacity alone

/** @param {Acts} acts @param {Act} act what was undone before cannot come back after it @returns {Acts} */
export function add(acts, act) {
  if (act.kind === "clear" && isBlank(acts)) return acts;
  return { done: [...acts.done, act], undone: [] };
}

/** @param {Acts} acts @returns {Acts} */
export function undo({ done, undone }) {
  const last = done.at(-1);
  return last ? { done: done.slice(0, -1), undone: [...undone, last] } : { done, undone };
}

/** @param {Acts} acts @returns {Acts} */
export function redo({ done, undone }) {
  const last = undone.at(-1);
  return last ? { done: [...done, last], undone: undone.slice(0, -1) } : { done, undone };
}

/** Whether certainly nothing is painted; what was rubbed out again by hand is for the pixels to say. @param {Acts} acts */
export function isBlank({ done }) {
  return sinceClear(done).every((act) => act.kind !== "invert" && "erase" in act && act.erase);
}

/** What still shows: nothing before the last "clear" does. @param {readonly Act[]} done */
export function sinceClear(done) {
  return done.slice(done.findLastIndex((act) => act.kind === "clear") + 1);
}

/**
 * Points of a finger or a pen come closer than anybody sees: those within a part of the brush's width are left out, the
 * last one never, so that a stroke ends where the finger did.
 * @param {readonly number[]} points @param {number} size @returns {number[]}
 */
export function thinned(points, size) {
  const near = Math.max(1, size / 12);
  const kept = points.slice(0, 2);
  for (let at = 2; at < points.length; at += 2) {
    const [x, y] = [/** @type {number} */ (points[at]), /** @type {number} */ (points[at + 1])];
    const [lastX, lastY] = /** @type {[number, number]} */ (kept.slice(-2));
    if (at === points.length - 2 || Math.hypot(x - lastX, y - lastY) >= near) kept.push(x, y);
  }
  return kept;
}

/**
 * A rectangle given in percents, cut to the picture and to whole pixels; null when nothing of it is left.
 * @param {Percents} percents @param {Size} picture @param {boolean} [erase] @returns {Rect | null}
 */
export function rectangle(percents, picture, erase = false) {
  if (Object.values(percents).some((value) => !Number.isFinite(value))) return null;
  const across = cut(percents.left, percents.width, picture.width);
  const down = cut(percents.top, percents.height, picture.height);
  if (across.length < 1 || down.length < 1) return null;
  return { kind: "rect", erase, x: across.start, y: down.start, width: across.length, height: down.length };
}

/** @param {number} start @param {number} length @param {number} whole */
function cut(start, length, whole) {
  const from = Math.round((Math.min(100, Math.max(0, start)) / 100) * whole);
  const to = Math.round((Math.min(100, Math.max(0, start + length)) / 100) * whole);
  return { start: from, length: to - from };
}

/**
 * The rectangle between two corners, whichever was first, cut to the picture; null for less than a pixel.
 * @param {readonly [number, number]} one @param {readonly [number, number]} other @param {Size} picture @param {boolean} erase
 * @returns {Rect | null}
 */
export function between(one, other, picture, erase) {
  const [left, right] = [one[0], other[0]].sort((a, b) => a - b).map((x) => Math.round(Math.min(picture.width, Math.max(0, x))));
  const [top, bottom] = [one[1], other[1]].sort((a, b) => a - b).map((y) => Math.round(Math.min(picture.height, Math.max(0, y))));
  const [x, y] = [left ?? 0, top ?? 0];
  const [width, height] = [(right ?? 0) - x, (bottom ?? 0) - y];
  return width < 1 || height < 1 ? null : { kind: "rect", erase, x, y, width, height };
}

/**
 * Draw an act over what is there: painted is opaque, not painted is transparent.
 * @param {CanvasRenderingContext2D} context of a canvas of the picture's size @param {Act} act
 */
export function draw(context, act) {
  const { width, height } = context.canvas;
  context.globalCompositeOperation = "erase" in act && act.erase ? "destination-out" : "source-over";
  context.fillStyle = context.strokeStyle = INK;
  if (act.kind === "clear") context.clearRect(0, 0, width, height);
  else if (act.kind === "rect") context.fillRect(act.x, act.y, act.width, act.height);
  else if (act.kind === "brush") stroke(context, act);
  else {
    context.globalCompositeOperation = "xor"; // opaque over opaque is nothing, over nothing is opaque
    context.fillRect(0, 0, width, height);
  }
  context.globalCompositeOperation = "source-over";
}

/** @param {CanvasRenderingContext2D} context @param {Brush} act */
function stroke(context, { size, points }) {
  context.lineWidth = size;
  context.lineCap = context.lineJoin = "round";
  context.beginPath();
  const [x = 0, y = 0] = points;
  context.moveTo(x, y);
  for (let at = 2; at < points.length; at += 2) context.lineTo(/** @type {number} */ (points[at]), /** @type {number} */ (points[at + 1]));
  if (points.length === 2) context.lineTo(x, y + 0.01); // a dot: a line without length draws nothing
  context.stroke();
}

/**
 * How much of the picture is painted, in percents: a whole number, but never 0 for something nor 100 for less than all.
 * @param {ArrayLike<number>} pixels red, green, blue, alpha of each @returns {number}
 */
export function painted(pixels) {
  let sum = 0;
  for (let at = 3; at < pixels.length; at += 4) sum += /** @type {number} */ (pixels[at]);
  const share = (sum / 255 / (pixels.length / 4)) * 100;
  if (share <= 0) return 0;
  return share >= 100 ? 100 : Math.min(99, Math.max(1, Math.round(share)));
}
