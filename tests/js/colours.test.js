/** Coloured code in pieces: nothing is lost at a cut, and no markup but spans comes out of it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { cutCode, readCode } from "../../static/js/lib/colours.js";

test("each piece has its lines, and closes what it opened", () => {
  const html = '<span class="a">one\ntwo <span class="b">x\ny</span>\n</span>end';
  assert.deepEqual(cutCode(html, 2), [
    '<span class="a">one\ntwo <span class="b">x\n</span></span>',
    '<span class="a"><span class="b">y</span>\n</span>end',
  ]);
});

test("code that ends with a cut has no empty piece after it", () => {
  assert.deepEqual(cutCode("a\nb\n", 1), ["a\n", "b\n"]);
  assert.deepEqual(cutCode('<span class="a">a\n</span>', 1), ['<span class="a">a\n</span>']);
  assert.deepEqual(cutCode("", 1), []);
});

test("text is read as it was, and nothing but spans is opened", () => {
  const text = "a &lt;b&gt; &amp;amp; &quot;&#x27;";
  assert.deepEqual(readCode(`<span class="hljs-string">${text}</span>\n`), [
    { open: "hljs-string" }, { text: "a <b> &amp; \"'" }, null, { text: "\n" },
  ]);
});
