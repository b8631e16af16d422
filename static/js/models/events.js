/** What the server tells a page: every event of docs/protocol.md, and the objects in them. */

/** @typedef {{ file?: string, name?: string, mime?: string, size?: number, kind?: string, as?: string, pages?: string | null, of?: number | null, detail?: string, tokens?: number, deleted?: boolean }} OfFile */
/** @typedef {{ type: "text" | "reasoning" | "refusal" | "image" | "file" | string, text?: string, seconds?: number } & OfFile} Part */
/** @typedef {{ code: string, message: string, data: Record<string, any> }} Failure */
/** @typedef {"queued" | "in_progress" | "completed" | "incomplete" | "cancelled" | "failed" | "interrupted"} Status */
/** @typedef {{ prompt_tokens: number | null, completion_tokens: number | null, total_tokens: number | null, cached_tokens: number | null, reasoning_tokens: number | null, rate_limits?: Record<string, string> }} Usage */
/**
 * @typedef {object} Message
 * @property {string} id
 * @property {string | null} parent
 * @property {string} role
 * @property {string | null} client_id
 * @property {string | null} run
 * @property {Part[]} parts
 * @property {Status} status
 * @property {Failure | null} error
 * @property {string | null} model_id
 * @property {string | null} finish_reason
 * @property {Usage | null} usage
 * @property {number | null} cost micro-units of the site's currency
 * @property {string[]} cost_marks any of estimate, overrun, unbilled, unknown
 * @property {string[]} [left_out] parameters that its server does not take
 * @property {boolean} by_hand a person wrote it as it is, and no model was asked
 * @property {string} created_at
 * @property {string[]} siblings
 * @property {string | null} [beside] shared by answers that are to be compared
 * @property {number} [seq] only in a message.updated of a live run
 * @property {number} [reasoning_seq]
 */
/**
 * @typedef {object} Run
 * @property {string} id
 * @property {string} conversation
 * @property {string} message
 * @property {Status} status
 * @property {number} seq
 * @property {number} reasoning_seq
 * @property {number} attempt
 * @property {string | null} retry_at
 * @property {string | null} model_id
 * @property {string | null} provider
 * @property {string | null} started_at
 * @property {Failure | null} error
 */
/** @typedef {{ count: number, tokens: number, answers: number }} Summary parameters that hold; tokens of the system prompt */
/** @typedef {{ id: string, title: string, leaf: string | null, beside?: boolean, cost?: number | null, url?: string, updated_at?: string, running?: boolean, unread?: boolean, pinned?: boolean, archived?: boolean, parameters?: Summary }} ConversationFacts */
/** @typedef {{ type: string } & Record<string, any>} Event */

/** Every event's type, sorted. A test compares this list with docs/protocol.md and with the reducers. */
export const EVENT_TYPES = Object.freeze([
  "balance.updated",
  "conversation.created",
  "conversation.deleted",
  "conversation.snapshot",
  "conversation.updated",
  "error",
  "file.ready",
  "job.created",
  "job.finished",
  "job.progress",
  "job.updated",
  "me.snapshot",
  "message.created",
  "message.deleted",
  "message.delta",
  "message.updated",
  "parameters.updated",
  "picture.created",
  "picture.deleted",
  "picture.partial",
  "picture.updated",
  "pong",
  "reasoning.delta",
  "run.failed",
  "run.finished",
  "run.started",
  "run.updated",
]);

/** @param {Status} status */
export function isLive(status) {
  return status === "queued" || status === "in_progress";
}

/**
 * A message's text, its parts of one type joined; a refusal is what a message says as well.
 * @param {Message} message
 * @param {"text" | "reasoning"} [type]
 */
export function textOf(message, type = "text") {
  return message.parts.filter((part) => isOf(part, type)).map((part) => part.text ?? "").join("");
}

/** Whether a part is of a type; text may be a refusal. @param {Part} part @param {"text" | "reasoning"} type */
export function isOf(part, type) {
  return part.type === type || (type === "text" && part.type === "refusal");
}
