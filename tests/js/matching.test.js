/** Finding by typing. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { fold, matching } from "../../static/js/lib/matching.js";

const find = (names, query) => matching(names, query, (name) => name);

test("an empty query finds everything as it came", () => {
  assert.deepEqual(find(["b", "a"], "  "), ["b", "a"]);
});

test("every word must be in it, in any order", () => {
  assert.deepEqual(find(["gpt-5 mini", "gpt-5", "mini"], "mini gpt"), ["gpt-5 mini"]);
});

test("what begins with it comes first, then where a word begins with it, then the rest in order", () => {
  assert.deepEqual(find(["xllama", "meta/llama", "llama-3", "allama"], "llama"), ["llama-3", "meta/llama", "xllama", "allama"]);
});

test("case, accents and width make no difference", () => {
  assert.deepEqual(find(["Zürich", "ＧＰＴ"], "zurich"), ["Zürich"]);
  assert.deepEqual(find(["Zürich", "ＧＰＴ"], "gpt"), ["ＧＰＴ"]);
  assert.equal(fold("ÉCOLE"), "ecole");
});

test("Chinese is found from one character on, and signs are no patterns", () => {
  assert.deepEqual(find(["合同条款", "SQL"], "条"), ["合同条款"]);
  assert.deepEqual(find(["a.b", "axb", "(x"], "a.b"), ["a.b"]);
  assert.deepEqual(find(["a.b", "(x"], "("), ["(x"]);
});
