/** Answers to one question that stand side by side: one ends the shown branch, the others are its companions. Pure. */

/** @typedef {import("./events.js").Message} Message */
/** @typedef {import("./conversation.js").State} State */

const MOST = 8; // that stand side by side: the server takes no more

/**
 * The branch ends elsewhere, or its end stands alone or in company now.
 * @param {State} state
 * @param {{ leaf: string | null, beside?: boolean }} told
 * @returns {State | null} null when what is to be shown is not known here
 */
export function turn(state, { leaf, beside = false }) {
  const last = state.messages.at(-1);
  const chosen = state.beside.find((one) => one.id === leaf);
  // Of those that stood side by side once, only the one that was chosen is known.
  const unknown = beside && !state.conversation?.beside && state.beside.length + 1 < ((chosen ?? last)?.siblings.length ?? 0);
  if (unknown || (!chosen && leaf !== (last?.id ?? null))) return null;
  if (!chosen) return !beside && state.beside.length ? { ...state, beside: [] } : state;
  const others = state.beside.filter((one) => one !== chosen);
  const messages = [...state.messages.slice(0, -1), chosen];
  return { ...state, messages, beside: beside && last ? [...others, last] : [] };
}

/**
 * Whether a new message stands beside the end of the branch.
 * @param {State} state
 * @param {Message} message
 */
export function isCompanion({ messages }, message) {
  const last = messages.at(-1);
  return Boolean(message.beside) && last?.beside === message.beside && last?.parent === message.parent;
}

/** @param {State} state @param {Message} message @returns {State} */
export function join(state, message) {
  const { siblings } = message;
  /** @param {Message} one */
  const knows = (one) => (one.siblings.length < siblings.length ? { ...one, siblings } : one);
  const messages = state.messages.map((one) => (one.parent === message.parent ? knows(one) : one));
  return { ...state, messages, beside: [...state.beside.map(knows), message] };
}

/** One of them was deleted. @param {State} state @param {string} id @returns {State} */
export function without(state, id) {
  return { ...state, beside: state.beside.filter((one) => one.id !== id) };
}

/** Those that are gone are no siblings any more. @param {State} state @param {Message} message one that is left @returns {State} */
export function prune(state, message) {
  const beside = state.beside.filter((one) => one.parent !== message.parent || message.siblings.includes(one.id));
  return beside.length === state.beside.length ? state : { ...state, beside };
}

/**
 * What a command about a message names beside it: the composer's model for what comes next, while an answer further up is
 * written again by the one that wrote it; and what joins answers that stand side by side.
 * @template T
 * @param {State} state
 * @param {string} act
 * @param {string} message its id
 * @param {T} target the composer's
 */
export function whom({ messages, beside }, act, message, target) {
  if (act === "edit" || act === "answer") return target;
  if (act !== "regenerate") return {};
  return { ...(messages.at(-1)?.id === message && target), ...(beside.length && beside.length + 1 < MOST && { beside: true }) };
}

/** All that stand side by side, in the order in which they were asked for. @param {State} state */
export function inOrder({ messages, beside }) {
  const last = messages.at(-1);
  if (!last || beside.length === 0) return [];
  return [last, ...beside].sort((one, other) => (one.created_at < other.created_at ? -1 : 1));
}
