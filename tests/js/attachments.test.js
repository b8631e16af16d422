import assert from "node:assert/strict";
import { test } from "node:test";

import { chosen, fitting, moved, pagesIn, tokensIn, tokensOfAll } from "../../static/js/models/attachments.js";

const file = { id: "f", name: "a.pdf", kind: "pdf", mime: "application/pdf", size: 9, width: null, height: null, url: "", content: "", thumb: null };
const text = { ...file, as: "text", ways: ["text", "file"], tokens: 600, page_tokens: [100, 200, 300], problem: null, warning: null, text: { status: "completed", pages: 3, paged: true, note: null } };
const image = { ...file, id: "i", kind: "image", as: "image", ways: ["image"], tokens: 765, page_tokens: null, problem: null, warning: null, text: null };
const item = (about, wish = {}) => ({ key: about.id, file: about, about, wish });

test("pages are named like in a print dialog", () => {
  assert.deepEqual(pagesIn("1-3, 7", 9), [1, 2, 3, 7]);
  assert.deepEqual(pagesIn("3 1 3", 9), [1, 3]);
  assert.deepEqual(pagesIn("2–9", 4), [2, 3, 4]);
  for (const nothing of ["", "x", "1-", "9", "-2"]) assert.equal(pagesIn(nothing, 4), null, nothing);
});

test("a file moves one place, and not beyond the ends", () => {
  assert.deepEqual(moved(["a", "b", "c"], 0, 1), ["b", "a", "c"]);
  assert.deepEqual(moved(["a", "b", "c"], 2, -1), ["a", "c", "b"]);
  assert.deepEqual(moved(["a", "b"], 0, -1), ["a", "b"]);
});

test("tokens are those of what is sent", () => {
  assert.equal(tokensIn(item(text)), 624);
  assert.equal(tokensIn(item(text, { pages: "2" })), 224);
  assert.equal(tokensIn(item(text, { as: "file" })), null);
  assert.equal(tokensIn(item(image)), 765);
  assert.equal(tokensIn(item(image, { detail: "low" })), 85);
  assert.equal(tokensIn({ key: "k", file: null, about: null, wish: {} }), null);
  assert.equal(tokensOfAll([item(text), item(image)]), 624 + 765);
});

test("as many first pages are sent as there is room for, and never none", () => {
  const two = [item(text), item({ ...text, id: "g" })];
  assert.deepEqual([...fitting(two, 2_000)], []);
  assert.deepEqual([...fitting(two, 624 + 24 + 310)], [["g", "1-2"]]);
  assert.deepEqual([...fitting([item(image), item(text)], 765 + 24 + 100)], [["f", "1"]]);
  assert.deepEqual([...fitting([item(text)], 10)], [["f", "1"]]);
});

test("a command names a file by what was chosen, and keeps what is shown meanwhile", () => {
  const { part, ...wanted } = chosen(item(text, { pages: "1-2" }));
  assert.deepEqual(wanted, { id: "f", pages: "1-2" });
  assert.equal(part.of, 3);
  assert.deepEqual(chosen(item(image, { detail: "high" })).detail, "high");
  assert.equal(chosen({ key: "k", file: null, about: null, wish: {} }), null);
});
