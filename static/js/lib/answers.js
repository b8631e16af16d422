/** What is said about an answer: how it ended (the server says the same, templatetags/answers.py), when, how long. */

import { isLive, textOf } from "../models/events.js";

/** @typedef {"" | "failed" | "interrupted" | "stopped" | "cut" | "filtered" | "unfinished" | "full" | "fewer" | "refused" | "called" | "thought" | "other" | "empty"} NoticeKind */

/** Words for the end of an answer that mean the same; the client of upstreams has the same list (openai_client/_values.py). */
const ENDS = /** @type {Record<string, string>} */ ({
  end_turn: "stop", eos: "stop", eos_token: "stop", stop_sequence: "stop", complete: "stop", completed: "stop",
  max_tokens: "length", model_length: "length", max_output_tokens: "length",
  tool_call: "tool_calls", tool_use: "tool_calls", function_call: "tool_calls",
  sensitive: "content_filter", safety: "content_filter", refusal: "content_filter",
});

/**
 * Which notice stands under a message.
 * @param {import("../models/events.js").Message} message
 * @returns {NoticeKind}
 */
export function noticeKind(message) {
  if (message.role !== "assistant" || isLive(message.status)) return "";
  const fewer = message.error?.code === "fewer_answers";
  switch (message.status) {
    case "failed": return "failed";
    case "interrupted": return "interrupted";
    case "cancelled": return "stopped";
    case "incomplete":
      if (message.error && !fewer) return "full";
      if (ending(message) === "length") return onlyThought(message) ? "thought" : "cut";
      return ending(message) === "content_filter" ? "filtered" : "unfinished";
    default: return completedKind(message) || (fewer ? "fewer" : "");
  }
}

/** @param {import("../models/events.js").Message} message @returns {NoticeKind} */
function completedKind(message) {
  if (message.parts.some((part) => part.type === "refusal")) return "refused";
  if (ending(message) === "tool_calls") return "called";
  if (!textOf(message).trim()) return onlyThought(message) ? "thought" : "empty";
  return ["", "stop"].includes(ending(message)) ? "" : "other";
}

/** What its finish reason means; an unknown word in lower case. @param {import("../models/events.js").Message} message */
function ending(message) {
  const word = (message.finish_reason ?? "").toLowerCase();
  return ENDS[word] ?? word;
}

/** @param {import("../models/events.js").Message} message */
function onlyThought(message) {
  return textOf(message).trim() === "" && textOf(message, "reasoning") !== "";
}

/**
 * Who has written an answer: a model, the person, or both.
 * @param {{ model_id: string | null, by_hand: boolean }} message
 * @param {(key: string, values?: Record<string, string>) => string} word
 */
export function writer({ model_id, by_hand }, word) {
  if (!by_hand) return model_id ?? "";
  return model_id ? word("edited_by_you", { model: model_id }) : word("written_by_you");
}

/**
 * A sentence or several, as what happened and the rest: the first is set in bold.
 * @param {string} text
 * @returns {[string, string]}
 */
export function leadSentence(text) {
  const match = /^(.+?(?:[.!?](?=\s)|[。！？]))\s*(.+)$/su.exec(text.trim());
  return match ? [/** @type {string} */ (match[1]), /** @type {string} */ (match[2])] : [text.trim(), ""];
}

/**
 * A moment in words for a tooltip, such as "20 Nov 2026, 14:02".
 * @param {string} iso
 * @param {string} [language]
 */
export function moment(iso, language) {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
}

/**
 * Whole seconds until a moment, never less than 0.
 * @param {string} iso
 * @param {number} now milliseconds since 1970
 */
export function secondsUntil(iso, now) {
  return Math.max(0, Math.ceil((Date.parse(iso) - now) / 1000));
}

/**
 * What an upstream said about a failure: the text of one fact, empty where it said nothing.
 * @param {string} name
 * @param {unknown} value
 */
export function factText(name, value) {
  if (value && typeof value === "object") return Object.entries(value).map(([key, one]) => `${key}: ${one}`).join("\n");
  if (value == null || (name === "attempts" && value === 1)) return "";
  return name === "retry_after" ? `${value} s` : String(value);
}
