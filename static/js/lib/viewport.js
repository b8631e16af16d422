/** Where a picture stands in the space it is looked at through: zoom and pan. Pure. */

/** @typedef {{ width: number, height: number }} Size */
/** @typedef {{ scale: number, x: number, y: number }} View screen = picture * scale + (x, y), in CSS pixels */
/** @typedef {readonly [number, number]} Point */

export const DEEPEST = 8; // screen pixels for one of the picture
const STEP = 1.25;
const KEPT = 48; // CSS pixels of the picture that always stay in sight

/**
 * All of the picture in the middle, with `margin` around it; small ones are not blown up.
 * @param {Size} space @param {Size} picture @param {number} [margin] @returns {View}
 */
export function whole(space, picture, margin = 16) {
  const [across, down] = [space.width - 2 * margin, space.height - 2 * margin].map((side) => Math.max(1, side));
  const scale = Math.min(1, /** @type {number} */ (across) / picture.width, /** @type {number} */ (down) / picture.height);
  return { scale, x: (space.width - picture.width * scale) / 2, y: (space.height - picture.height * scale) / 2 };
}

/** The place in the picture under a place of the screen. @param {View} view @param {Point} point @returns {[number, number]} */
export function inPicture(view, [x, y]) {
  return [(x - view.x) / view.scale, (y - view.y) / view.scale];
}

/**
 * Nearer or further, what is under `point` staying under it.
 * @param {View} view @param {number} factor @param {Point} point @param {Size} space @param {Size} picture @returns {View}
 */
export function zoomed(view, factor, point, space, picture) {
  return carried(view, factor, point, point, space, picture);
}

/** What was under `from` comes under `to`. @param {View} view @param {number} factor @param {Point} from @param {Point} to
 * @param {Size} space @param {Size} picture */
function carried(view, factor, from, to, space, picture) {
  const scale = Math.min(DEEPEST, Math.max(whole(space, picture).scale, view.scale * factor));
  const [x, y] = inPicture(view, from);
  return kept({ scale, x: to[0] - x * scale, y: to[1] - y * scale }, space, picture);
}

/** One press of a button. @param {View} view @param {1 | -1} direction @param {Size} space @param {Size} picture @returns {View} */
export function stepped(view, direction, space, picture) {
  return zoomed(view, direction > 0 ? STEP : 1 / STEP, [space.width / 2, space.height / 2], space, picture);
}

/** @param {View} view @param {number} x @param {number} y @param {Size} space @param {Size} picture @returns {View} */
export function moved(view, x, y, space, picture) {
  return kept({ ...view, x: view.x + x, y: view.y + y }, space, picture);
}

/**
 * Two fingers that went from here to there: what was between them stays between them.
 * @param {View} view @param {readonly [Point, Point]} before @param {readonly [Point, Point]} after @param {Size} space @param {Size} picture
 * @returns {View}
 */
export function pinched(view, before, after, space, picture) {
  const apart = distance(before);
  return carried(view, apart < 1 ? 1 : distance(after) / apart, middle(before), middle(after), space, picture);
}

/** A picture that fits stays in the middle of that direction; a larger one never leaves sight. @param {View} view @param {Size} space @param {Size} picture */
function kept(view, space, picture) {
  const { scale } = view;
  return { scale, x: along(view.x, picture.width * scale, space.width), y: along(view.y, picture.height * scale, space.height) };
}

/** @param {number} start @param {number} length @param {number} space */
function along(start, length, space) {
  if (length <= space) return (space - length) / 2;
  return Math.min(space - KEPT, Math.max(KEPT - length, start));
}

/** @param {readonly [Point, Point]} points @returns {[number, number]} */
function middle([one, other]) {
  return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
}

/** @param {readonly [Point, Point]} points */
function distance([one, other]) {
  return Math.hypot(one[0] - other[0], one[1] - other[1]);
}
