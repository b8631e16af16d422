/** Ids, days, words, languages, notices: the small pure parts. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { factText, leadSentence, noticeKind, secondsUntil, writer } from "../../static/js/lib/answers.js";
import { directionOf, endOfSentences, languageOf } from "../../static/js/lib/language.js";
import { CommandError, csrfToken, fill, keep, read, readJson, uuid } from "../../static/js/lib/site.js";
import { dayGroup } from "../../static/js/models/history.js";
import { answer, message } from "./make.js";

const UUID4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("a UUID is one with and without the browser's help", () => {
  const withoutHelp = { getRandomValues: (bytes) => crypto.getRandomValues(bytes) };
  for (const source of [undefined, withoutHelp]) {
    const made = Array.from({ length: 50 }, () => uuid(source));
    for (const one of made) assert.match(one, UUID4);
    assert.equal(new Set(made).size, 50);
  }
});

test("days are the reader's own", () => {
  const now = new Date(2026, 10, 20, 0, 30);
  const at = (...parts) => dayGroup(new Date(2026, ...parts).toISOString(), now, "en");
  assert.deepEqual(at(10, 20, 0, 5), { key: "today" });
  assert.deepEqual(at(10, 21, 9), { key: "today" }, "another clock may be ahead");
  assert.deepEqual(at(10, 19, 23, 59), { key: "yesterday" });
  assert.deepEqual(at(10, 13, 12), { key: "previous_7" });
  assert.deepEqual(at(10, 12, 12), { key: "previous_30" });
  assert.deepEqual(at(8, 3), { month: "September 2026" });
});

test("seconds until a moment are never less than none", () => {
  const now = Date.parse("2026-11-20T10:00:00Z");
  assert.equal(secondsUntil("2026-11-20T10:00:19.200+00:00", now), 20);
  assert.equal(secondsUntil("2026-11-20T09:59:00+00:00", now), 0);
});

test("names in words are filled in, unknown ones stay", () => {
  assert.equal(fill("“{title}” in {days} days, {other}", { title: "{days}", days: 2 }), "“{days}” in 2 days, {other}");
});

test("the language of a block by its characters", () => {
  const cases = [["Hello world", ""], ["", ""], ["123 + 4", ""], ["合同条款翻译与润色", "zh"], ["これは日本語の文です", "ja"], ["한국어 문장", "ko"],
    ["Stay near 宽窄巷子 and let the metro do the work", ""], ["用 Python 写一个函数，返回列表", "zh"]];
  for (const [text, language] of cases) assert.equal(languageOf(text), language, text);
  assert.equal(languageOf("合同條款", "zh-Hant"), "zh-Hant");
});

test("the direction of a block by its first letter", () => {
  for (const [text, direction] of [["1. تقع", "rtl"], ["שלום", "rtl"], ["Hello تقع", "ltr"], ["", "ltr"], ["42", "ltr"], ["合同", "ltr"]]) {
    assert.equal(directionOf(text), direction, text);
  }
});

test("which notice stands under an answer", () => {
  const whole = { parts: [{ type: "text", text: "Hi" }] };
  const cases = [
    [{ status: "in_progress" }, ""], [{ status: "completed", ...whole }, ""], [{ status: "completed" }, "empty"],
    [{ status: "completed", parts: [{ type: "text", text: " \n" }] }, "empty"], [{ status: "failed" }, "failed"],
    [{ status: "interrupted", ...whole }, "interrupted"], [{ status: "cancelled", ...whole }, "stopped"],
    [{ status: "incomplete", finish_reason: "length", ...whole }, "cut"], [{ status: "incomplete", finish_reason: "content_filter" }, "filtered"],
    [{ status: "incomplete", finish_reason: null, ...whole }, "unfinished"],
    [{ status: "incomplete", finish_reason: "MAX_TOKENS", ...whole }, "cut"],
    [{ status: "incomplete", finish_reason: "length", parts: [{ type: "reasoning", text: "Hm" }] }, "thought"],
    [{ status: "completed", finish_reason: "stop", parts: [{ type: "reasoning", text: "Hm" }] }, "thought"],
    [{ status: "completed", finish_reason: "end_turn", ...whole }, ""],
    [{ status: "completed", finish_reason: "stop", parts: [{ type: "refusal", text: "No." }] }, "refused"],
    [{ status: "completed", finish_reason: "tool_calls" }, "called"], [{ status: "completed", finish_reason: "function_call", ...whole }, "called"],
    [{ status: "completed", finish_reason: "insufficient_system_resource", ...whole }, "other"],
    [{ status: "incomplete", error: { code: "answer_too_long", message: "Long.", data: {} }, ...whole }, "full"],
  ];
  for (const [fields, kind] of cases) assert.equal(noticeKind(answer("a", fields)), kind, JSON.stringify(fields));
  assert.equal(noticeKind(message("q", { parts: [] })), "");
});

test("the first sentence says what happened", () => {
  const cases = [
    ["The connection broke off. The text is kept.", ["The connection broke off.", "The text is kept."]],
    ["Nothing answers at http://localhost:11434. Is it running?", ["Nothing answers at http://localhost:11434.", "Is it running?"]],
    ["gpt-4.5 is away", ["gpt-4.5 is away", ""]], ["连接中断了。文字已保留。", ["连接中断了。", "文字已保留。"]], ["", ["", ""]],
  ];
  for (const [text, parts] of cases) assert.deepEqual(leadSentence(text), parts);
});

test("what an upstream said about a failure is told as text", () => {
  const cases = [
    ["status", 429, "429"], ["attempts", 3, "3"], ["attempts", 1, ""], ["retry_after", 1.5, "1.5 s"], ["retry_after", 180, "180 s"],
    ["rate_limits", { "x-a": "1", "x-b": "2" }, "x-a: 1\nx-b: 2"], ["param", undefined, ""], ["param", null, ""], ["param", "n", "n"],
  ];
  for (const [name, value, text] of cases) assert.equal(factText(name, value), text);
});

test("the CSRF token is read from the cookies", () => {
  assert.equal(csrfToken("a=1; csrftoken=abc123; b=2"), "abc123");
  assert.equal(csrfToken("xcsrftoken=no"), "");
});

test("only what may succeed unchanged is passing", () => {
  for (const status of [0, 502, 503, 504]) assert.equal(new CommandError(status, "x", "").passing, true);
  for (const status of [400, 401, 404, 409, 413, 500]) assert.equal(new CommandError(status, "x", "").passing, false);
});

test("where storage is refused it works, and forgets with the page", () => {
  keep("a", "text");
  assert.equal(read("a"), "text");
  keep("a", "");
  assert.equal(read("a"), null);
  keep("long", "x".repeat(200_001));
  assert.equal(read("long"), null);
  keep("broken", "{");
  assert.deepEqual(readJson("broken", []), []);
});

test("a sentence that still grows has no end", () => {
  const whole = { "One. Two": "One. ", "It costs 3.": "", "It costs 3.50 or v1.2": "", "\u201cYes.\u201d No": "\u201cYes.\u201d ", "第一句。第二": "第一句。", "Really?! ": "Really?! ", "": "" };
  for (const [text, told] of Object.entries(whole)) assert.equal(text.slice(0, endOfSentences(text)), told, text);
});

test("who has written an answer", () => {
  const word = (key, values = {}) => [key, ...Object.values(values)].join(" ");
  assert.equal(writer(answer("a"), word), "m");
  assert.equal(writer(answer("a", { by_hand: true }), word), "edited_by_you m");
  assert.equal(writer(answer("a", { by_hand: true, model_id: "" }), word), "written_by_you");
  assert.equal(writer(message("q"), word), "");
});
