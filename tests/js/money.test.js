// Amounts and estimates in passing: the same as the server's (tests/billing/test_amounts.py, test_tokens.py, test_pricing.py).

import assert from "node:assert/strict";
import test from "node:test";

import { costOf, shortAmount, tokensOf } from "../../static/js/lib/money.js";

test("an amount has four decimals, from one whole unit on two, and null below what four can show", () => {
  const shown = [0, 1, 99, 1_169, -166_400, 8_420_000].map((micro) => shortAmount(micro, "US$"));
  assert.deepEqual(shown, ["US$0.00", null, null, "US$0.0012", "\u2212US$0.1664", "US$8.42"]);
});

test("an estimate counts as the server does", () => {
  const texts = ["", "hello world", "量化是什么", "Zürich", "a".repeat(4_000), "😀😀"];
  assert.deepEqual(texts.map(tokensOf), [0, 3, 5, 2, 1_000, 1]);
});

test("a cost is rounded up once, and unknown where a price is missing", () => {
  assert.equal(costOf({ prompt: 100_000, completion: 500_000 }, 6_604, 1_018), 1_170);
  assert.equal(costOf({ prompt: 0, completion: 0, request: 10_000_000 }, 5, 5), 10_000);
  assert.equal(costOf({ prompt: 1 }, 5, 5), null);
  assert.equal(costOf(null, 0, 0), null);
});
