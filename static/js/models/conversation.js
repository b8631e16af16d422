/** One conversation as a page knows it: `apply(state, event)` is pure and returns the state after the event.
 *
 * What an event did not touch stays the same object, so that a view redraws only what is not identical.
 */

import * as besides from "./beside.js";
import { isLive, isOf, textOf } from "./events.js";

/** @typedef {import("./events.js").Message} Message */
/** @typedef {import("./events.js").Run} Run */
/** @typedef {import("./events.js").Event} Event */
/** @typedef {import("./events.js").ConversationFacts} ConversationFacts */
/**
 * @typedef {object} State
 * @property {ConversationFacts | null} conversation
 * @property {readonly Message[]} messages the shown branch, in reading order
 * @property {readonly Message[]} beside the answers that its last one is compared with
 * @property {Readonly<Record<string, Run>>} runs those that live, by id
 * @property {boolean} hasOlder
 * @property {boolean} known whether a snapshot has come
 * @property {boolean} gap something is missing: ask for a snapshot
 * @property {boolean} deleted
 */

/** @type {State} */
export const EMPTY = Object.freeze({
  conversation: null, messages: [], beside: [], runs: {}, hasOlder: false, known: false, gap: false, deleted: false,
});

/** @type {Record<string, (state: State, event: any) => State>} */
const reducers = {
  "conversation.snapshot": (state, event) => ({
    ...EMPTY,
    conversation: { ...state.conversation, ...event.conversation },
    messages: [...keptOlder(state.messages, event), ...event.messages.map((/** @type {Message} */ message) => keep(state, message))],
    beside: (event.beside ?? []).map((/** @type {Message} */ message) => keep(state, message)),
    runs: Object.fromEntries(event.runs.map((/** @type {Run} */ run) => [run.id, run])),
    hasOlder: keptOlder(state.messages, event).length ? state.hasOlder : event.has_older,
    known: true,
  }),
  "conversation.created": (state, { conversation }) => about(state, conversation) ? { ...state, deleted: false } : state,
  "conversation.updated": (state, { conversation }) => {
    if (!about(state, conversation)) return state;
    const turned = "leaf" in conversation ? besides.turn(state, conversation) : state;
    return { ...(turned ?? state), conversation: { ...state.conversation, ...conversation }, gap: state.gap || !turned };
  },
  "conversation.deleted": (state, { conversation }) => about(state, conversation) ? { ...state, deleted: true } : state,
  "parameters.updated": (state, { conversation: id, count, tokens, answers }) => {
    if (!state.conversation || !about(state, { id })) return state;
    return { ...state, conversation: { ...state.conversation, parameters: { count, tokens, answers } } };
  },
  "message.created": (state, { message }) => addMessage(state, message),
  "message.updated": (state, { message }) => {
    const old = find(state, message.id);
    if (!old) return state;
    const run = message.run ? state.runs[message.run] : undefined;
    const { seq, reasoning_seq, ...facts } = message;
    const next = besides.prune(replace(state, old, facts), message);
    if (seq === undefined || !run) return next;
    return { ...next, runs: { ...next.runs, [run.id]: { ...run, seq, reasoning_seq } } };
  },
  "message.deleted": (state, { message }) => without(state, message),
  "message.delta": (state, event) => addText(state, event, "text", "seq"),
  "reasoning.delta": (state, event) => addText(state, event, "reasoning", "reasoning_seq"),
  "run.started": (state, { run }) => {
    const message = find(state, run.message);
    if (!message || !isLive(run.status) || state.runs[run.id] || hasEnded(message, run.id)) return state;
    return { ...replace(state, message, { run: run.id, status: run.status, error: null }), runs: { ...state.runs, [run.id]: run } };
  },
  "run.updated": (state, { run }) => {
    const known = state.runs[run.id];
    const message = find(state, run.message);
    if (!known || !message) return state;
    const counters = { seq: known.seq, reasoning_seq: known.reasoning_seq };
    return { ...replace(state, message, { status: run.status }), runs: { ...state.runs, [run.id]: { ...run, ...counters } } };
  },
  "run.finished": (state, event) => {
    const { finish_reason, usage, cost, cost_marks, error = null, left_out = [] } = event;
    const next = endRun(state, event, { status: event.status, finish_reason, usage, cost, cost_marks, error, left_out });
    const message = find(next, event.message);
    if (next === state || !message || codePoints(textOf(message)) === event.length) return next;
    return { ...next, gap: true };
  },
  "run.failed": (state, event) => {
    const { status, error, cost, cost_marks } = event;
    return endRun(state, event, { status, error, cost, cost_marks });
  },
  // Not about this conversation's content:
  "balance.updated": (state) => state,
  "file.ready": (state) => state,
  "job.created": (state) => state,
  "job.finished": (state) => state,
  "job.progress": (state) => state,
  "job.updated": (state) => state,
  "me.snapshot": (state) => state,
  "picture.created": (state) => state,
  "picture.deleted": (state) => state,
  "picture.partial": (state) => state,
  "picture.updated": (state) => state,
  pong: (state) => state,
  error: (state) => state,
};

/** The types that `apply` knows, sorted; the same as EVENT_TYPES. */
export const APPLIED = Object.freeze(Object.keys(reducers).sort());

/**
 * @param {State} state
 * @param {Event} event
 * @returns {State} the same object when the event changed nothing
 */
export function apply(state, event) {
  const reducer = Object.hasOwn(reducers, event.type) ? reducers[event.type] : undefined;
  return reducer ? reducer(state, event) : state;
}

/**
 * The answer to a command. Its events may have come before it, and may be further on than it.
 * @param {State} state
 * @param {{ run: Run | null, runs?: Run[], messages: Message[] }} answer no run: a person has written the message
 * @returns {State}
 */
export function absorb(state, { run, runs = run ? [run] : [], messages }) {
  let next = state;
  for (const message of messages) {
    const known = find(next, message.id);
    if (!known) next = addMessage(next, message);
    else if (known.run !== message.run && !isLive(known.status)) next = replace(next, known, message);
  }
  return runs.reduce((before, one) => apply(before, { type: "run.started", run: one }), next);
}

/**
 * Put older messages, as the server answers them, before those that are shown.
 * @param {State} state
 * @param {{ messages: Message[], has_older: boolean }} older
 * @returns {State}
 */
export function prepend(state, older) {
  const known = new Set(state.messages.map((message) => message.id));
  const added = older.messages.filter((message) => !known.has(message.id));
  return { ...state, messages: [...added, ...state.messages], hasOlder: older.has_older };
}

/** The live runs of what is shown. @param {State} state */
export function liveRuns(state) {
  return Object.values(state.runs).filter((run) => find(state, run.message));
}

/** Unicode code points: what the server counts. @param {string} text */
export function codePoints(text) {
  let count = text.length;
  for (let index = 0; index < text.length - 1; index += 1) {
    const high = text.charCodeAt(index) & 0xfc00;
    if (high === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00) {
      count -= 1;
      index += 1;
    }
  }
  return count;
}

/** @param {State} state @param {string} id */
function find(state, id) {
  return state.messages.find((message) => message.id === id) ?? state.beside.find((message) => message.id === id);
}

/** @param {State} state @param {{ id: string }} conversation */
function about(state, conversation) {
  return state.conversation?.id === conversation.id;
}

/** @param {Message} message @param {string} run */
function hasEnded(message, run) {
  return message.run === run && !isLive(message.status);
}

/**
 * @param {State} state
 * @param {Message} old
 * @param {Partial<Message>} facts
 * @returns {State}
 */
function replace(state, old, facts) {
  /** @param {readonly Message[]} list */
  const changed = (list) => (list.includes(old) ? list.map((message) => (message === old ? { ...old, ...facts } : message)) : list);
  return { ...state, messages: changed(state.messages), beside: changed(state.beside) };
}

/** A snapshot's message; the one that is already there when nothing about it is new, so that it is not drawn again.
 * @param {State} state @param {Message} message */
function keep(state, message) {
  const old = find(state, message.id);
  return old && JSON.stringify(old) === JSON.stringify(message) ? old : message;
}

/** Messages that the reader fetched before the snapshot's first one, while they still lead to it.
 * @param {readonly Message[]} shown @param {{ messages: Message[], has_older: boolean }} snapshot */
function keptOlder(shown, snapshot) {
  const first = snapshot.messages[0];
  if (!first || !snapshot.has_older) return [];
  const index = shown.findIndex((message) => message.id === first.id);
  return index > 0 && shown[index - 1]?.id === first.parent ? shown.slice(0, index) : [];
}

/**
 * A new message follows its parent: what followed it until now is another branch.
 * @param {State} state @param {Message} message @returns {State}
 */
function addMessage(state, message) {
  if (find(state, message.id)) return state;
  if (besides.isCompanion(state, message)) return besides.join(state, message);
  const parent = state.messages.findIndex((shown) => shown.id === message.parent);
  const beginsAnew = message.parent === null && (!state.hasOlder || state.messages.length === 0);
  if (parent < 0 && !beginsAnew) return { ...state, gap: true };
  const { messages, runs } = upTo(state, parent + 1);
  return { ...state, messages: [...messages, message], beside: [], runs };
}

/** A deleted message goes with what follows it; from those beside it, it goes alone. @param {State} state @param {string} id @returns {State} */
function without(state, id) {
  const at = state.messages.findIndex((shown) => shown.id === id);
  const { messages, beside, runs } = at < 0 ? besides.without(state, id) : { beside: [], ...upTo(state, at) };
  if (at < 0 && !messages.some(({ siblings }) => siblings.includes(id))) return state;
  /** @param {Message} one */
  const forget = (one) => one.siblings.includes(id) ? { ...one, siblings: one.siblings.filter((other) => other !== id) } : one;
  return { ...state, messages: messages.map(forget), beside: beside.map(forget), runs };
}

/** The first messages, and the runs but those of the others and of what stands beside the last.
 * @param {State} state @param {number} count */
function upTo(state, count) {
  const dropped = new Set([...state.messages.slice(count), ...state.beside].map((shown) => shown.id));
  const runs = Object.fromEntries(Object.entries(state.runs).filter(([, run]) => !dropped.has(run.message)));
  return { messages: state.messages.slice(0, count), runs };
}

/**
 * @param {State} state
 * @param {any} event
 * @param {"text" | "reasoning"} type
 * @param {"seq" | "reasoning_seq"} counter
 * @returns {State}
 */
function addText(state, event, type, counter) {
  const run = state.runs[event.run];
  const message = find(state, event.message);
  if (!message || hasEnded(message, event.run)) return state; // another branch's, or a run's that has ended
  if (!run) return { ...state, gap: true };
  if (event[counter] <= run[counter]) return state;
  if (event[counter] > run[counter] + 1) return { ...state, gap: true };
  const next = replace(state, message, { parts: extend(message.parts, type, event.text), status: "in_progress" });
  return { ...next, runs: { ...state.runs, [run.id]: { ...run, [counter]: event[counter], retry_at: null } } };
}

/**
 * @param {import("./events.js").Part[]} parts
 * @param {"text" | "reasoning"} type
 * @param {string} text
 */
function extend(parts, type, text) {
  const index = parts.findLastIndex((part) => isOf(part, type));
  const grown = { type, ...parts[index], text: (parts[index]?.text ?? "") + text };
  return index < 0 ? [...parts, grown] : parts.with(index, grown);
}

/**
 * @param {State} state
 * @param {{ run: string, message: string }} event
 * @param {Partial<Message>} facts
 * @returns {State}
 */
function endRun(state, event, facts) {
  const { [event.run]: ended, ...runs } = state.runs;
  const message = find(state, event.message);
  if (!message || hasEnded(message, event.run)) return ended ? { ...state, runs } : state;
  return { ...replace(state, message, { ...facts, run: event.run }), runs };
}
