/** What was painted: undo and redo, rectangles, thinning, the share; and where the picture stands. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { add, between, draw, isBlank, NOTHING, painted, rectangle, redo, sinceClear, thinned, undo } from "../../static/js/lib/strokes.js";
import { DEEPEST, inPicture, moved, pinched, stepped, whole, zoomed } from "../../static/js/lib/viewport.js";

const brush = (...points) => ({ kind: "brush", erase: false, size: 10, points });
const RUBBED = { ...brush(1, 1), erase: true };
const CLEAR = { kind: "clear" };
const PICTURE = { width: 1000, height: 500 };
const SPACE = { width: 632, height: 532 };

test("what is undone comes back in the same order, until something else is painted", () => {
  const [first, second, third] = [brush(1, 1), brush(2, 2), brush(3, 3)];
  const all = [first, second, third].reduce(add, NOTHING);
  const back = undo(undo(all));
  assert.deepEqual(back.done, [first]);
  assert.deepEqual(redo(redo(back)), all);
  assert.deepEqual(redo(add(back, third)).done, [first, third], "the other two are forgotten");
  assert.deepEqual(undo(NOTHING), NOTHING);
  assert.deepEqual(redo(all), all);
});

test("clearing can be undone, and clears nothing twice", () => {
  const cleared = add(add(NOTHING, brush(1, 1)), CLEAR);
  assert.ok(isBlank(cleared));
  assert.equal(add(cleared, CLEAR), cleared);
  assert.ok(!isBlank(undo(cleared)));
  assert.deepEqual(sinceClear([...cleared.done, RUBBED]), [RUBBED]);
});

test("nothing is painted while only the eraser was used", () => {
  assert.ok(isBlank(NOTHING));
  assert.ok(isBlank(add(NOTHING, RUBBED)));
  assert.ok(!isBlank(add(NOTHING, brush(1, 1))));
  assert.ok(!isBlank(add(NOTHING, { kind: "invert" })));
});

test("points that nobody sees are left out, the first and the last never", () => {
  const line = Array.from({ length: 200 }, (_, index) => [index / 10, 0]).flat();
  const few = thinned(line, 60);
  assert.ok(few.length < line.length / 5);
  assert.deepEqual([...few.slice(0, 2), ...few.slice(-2)], [0, 0, 19.9, 0]);
  assert.deepEqual(thinned([5, 6], 60), [5, 6]);
});

test("a rectangle in percents is cut to the picture", () => {
  const at = (left, top, width, height) => rectangle({ left, top, width, height }, PICTURE);
  assert.deepEqual(at(10, 20, 30, 40), { kind: "rect", erase: false, x: 100, y: 100, width: 300, height: 200 });
  assert.deepEqual(at(-10, 50, 200, 90), { kind: "rect", erase: false, x: 0, y: 250, width: 1000, height: 250 });
  for (const none of [at(10, 10, 0, 10), at(100, 0, 50, 50), at(Number.NaN, 0, 10, 10), at(50, 50, -10, 10)]) assert.equal(none, null);
});

test("a rectangle between two corners, whichever came first", () => {
  const wanted = { kind: "rect", erase: true, x: 10, y: 20, width: 30, height: 40 };
  for (const corners of [[[10, 20], [40, 60]], [[40, 60], [10, 20]], [[40, 20], [10, 60]]]) {
    assert.deepEqual(between(corners[0], corners[1], PICTURE, true), wanted);
  }
  assert.equal(between([-50, 10], [-10, 40], PICTURE, false), null, "beside the picture");
  assert.deepEqual(between([-50, -50], [2000, 2000], PICTURE, false), { kind: "rect", erase: false, x: 0, y: 0, width: 1000, height: 500 });
});

test("the share that is painted is never nothing for something, nor all for less", () => {
  const pixels = (some, all) => Uint8ClampedArray.from({ length: all * 4 }, (_, at) => (at % 4 === 3 && at < some * 4 ? 255 : 0));
  for (const [some, all, share] of [[0, 100, 0], [1, 1000, 1], [14, 100, 14], [999, 1000, 99], [100, 100, 100]]) {
    assert.equal(painted(pixels(some, all)), share);
  }
});

/** Notes what a canvas is told. */
function canvas() {
  const said = [];
  const note = (name) => (...values) => said.push([name, ...values]);
  const context = { canvas: PICTURE, fillRect: note("fill"), clearRect: note("clear"), beginPath() {}, moveTo: note("from"), lineTo: note("to"), stroke: () => said.push(["stroke", context.lineWidth, context.globalCompositeOperation]) };
  return { context, said };
}

test("a stroke is one round line, a dot one too, and the eraser takes away", () => {
  const { context, said } = canvas();
  draw(context, brush(1, 2, 3, 4));
  draw(context, RUBBED);
  assert.deepEqual(said, [["from", 1, 2], ["to", 3, 4], ["stroke", 10, "source-over"], ["from", 1, 1], ["to", 1, 1.01], ["stroke", 10, "destination-out"]]);
  assert.equal(context.lineCap, "round");
  assert.equal(context.globalCompositeOperation, "source-over", "as it was found");
});

test("rectangles, all of it, none of it", () => {
  const { context, said } = canvas();
  for (const act of [rectangle({ left: 0, top: 0, width: 50, height: 50 }, PICTURE), { kind: "invert" }, CLEAR]) draw(context, act);
  assert.deepEqual(said, [["fill", 0, 0, 500, 250], ["fill", 0, 0, 1000, 500], ["clear", 0, 0, 1000, 500]]);
});

test("all of the picture is shown in the middle, and small ones are not blown up", () => {
  assert.deepEqual(whole(SPACE, PICTURE), { scale: 0.6, x: 16, y: 116 });
  assert.deepEqual(whole(SPACE, { width: 100, height: 100 }), { scale: 1, x: 266, y: 216 });
});

test("what is under the pointer stays there while zooming, between nothing lost and the deepest", () => {
  const view = { scale: 2, x: -700, y: -200 };
  const nearer = zoomed(view, 1.5, [300, 200], SPACE, PICTURE);
  assert.deepEqual(inPicture(nearer, [300, 200]).map(Math.round), inPicture(view, [300, 200]).map(Math.round));
  assert.equal(zoomed(view, 1_000, [0, 0], SPACE, PICTURE).scale, DEEPEST);
  assert.deepEqual(zoomed(view, 0.0001, [0, 0], SPACE, PICTURE), whole(SPACE, PICTURE));
  const there = stepped(stepped(view, 1, SPACE, PICTURE), -1, SPACE, PICTURE);
  assert.ok(Math.abs(there.scale - view.scale) < 1e-9);
});

test("a picture never leaves sight, and one that fits stays in the middle", () => {
  const view = { scale: 2, x: 0, y: 0 };
  assert.deepEqual(moved(view, 9_000, 9_000, SPACE, PICTURE), { scale: 2, x: 632 - 48, y: 532 - 48 });
  assert.deepEqual(moved(view, -9_000, -9_000, SPACE, PICTURE), { scale: 2, x: 48 - 2000, y: 48 - 1000 });
  assert.deepEqual(moved(whole(SPACE, PICTURE), 50, -50, SPACE, PICTURE), whole(SPACE, PICTURE));
});

test("two fingers carry what is between them", () => {
  const view = { scale: 1, x: -100, y: 16 };
  const before = [[100, 200], [200, 200]];
  const after = pinched(view, before, [[120, 230], [320, 230]], SPACE, PICTURE);
  assert.equal(after.scale, 2);
  assert.deepEqual(inPicture(after, [220, 230]), inPicture(view, [150, 200]));
  assert.equal(pinched(view, [[5, 5], [5, 5]], [[9, 9], [50, 50]], SPACE, PICTURE).scale, 1, "fingers on one spot are no measure");
});
