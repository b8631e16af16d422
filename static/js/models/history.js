/** Everything of mine as the sidebar knows it: `apply(state, event)` is pure. Fed by /ws/me/. */

/** @typedef {import("./events.js").ConversationFacts} ConversationFacts */
/** @typedef {import("./events.js").Event} Event */
/**
 * @typedef {object} State
 * @property {readonly ConversationFacts[]} conversations the latest first
 * @property {readonly ConversationFacts[]} pinned those that stand above all others, however old they are
 * @property {boolean} hasOlder there are more below the last one
 */

/** @type {State} */
export const EMPTY = Object.freeze({ conversations: [], pinned: [], hasOlder: false });

/** @type {Record<string, (state: State, event: any) => State>} */
const reducers = {
  "me.snapshot": (state, event) => {
    // Older conversations than the snapshot's stay: it carries the newest 50 only.
    const oldest = event.conversations.at(-1)?.updated_at ?? "";
    const listed = new Set(event.conversations.map((/** @type {ConversationFacts} */ one) => one.id));
    const full = event.conversations.length >= 50;
    const older = full ? state.conversations.filter((one) => !listed.has(one.id) && (one.updated_at ?? "") < oldest) : [];
    return { ...state, pinned: event.pinned ?? [], conversations: [...event.conversations, ...older], hasOlder: older.length ? state.hasOlder : full };
  },
  "conversation.created": (state, { conversation }) => put(state, conversation),
  "conversation.updated": (state, { conversation }) => (conversation.archived ? without(state, conversation) : put(state, conversation)),
  "conversation.deleted": (state, { conversation }) => without(state, conversation),
};

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
 * Put a helping of older conversations, as the server answers them, below those that are known.
 * @param {State} state
 * @param {{ conversations: ConversationFacts[], has_older: boolean }} page
 * @returns {State}
 */
export function append(state, page) {
  const known = new Set(state.conversations.map((one) => one.id));
  const added = page.conversations.filter((one) => !known.has(one.id));
  return { ...state, conversations: [...state.conversations, ...added].sort(byLatest), hasOlder: page.has_older };
}

/** @param {State} state @param {{ id: string }} conversation @returns {State} */
function without(state, { id }) {
  const [conversations, pinned] = [state.conversations, state.pinned].map((list) => list.filter((one) => one.id !== id));
  const same = conversations?.length === state.conversations.length && pinned?.length === state.pinned.length;
  return same ? state : { ...state, conversations: conversations ?? [], pinned: pinned ?? [] };
}

/** @param {State} state @param {ConversationFacts} conversation @returns {State} */
function put(state, conversation) {
  return list(pin(state, conversation), conversation);
}

/** One that is pinned comes first, and stays where it is afterwards.
 * @param {State} state @param {ConversationFacts} conversation @returns {State} */
function pin(state, conversation) {
  const old = state.pinned.find((one) => one.id === conversation.id);
  if (conversation.pinned === false) return old ? { ...state, pinned: state.pinned.filter((one) => one !== old) } : state;
  if (old) return { ...state, pinned: state.pinned.map((one) => (one === old ? { ...old, ...conversation } : one)) };
  return conversation.pinned ? { ...state, pinned: [conversation, ...state.pinned] } : state;
}

/** @param {State} state @param {ConversationFacts} conversation @returns {State} */
function list(state, conversation) {
  const old = state.conversations.find((one) => one.id === conversation.id);
  if (!old && !belongs(state, conversation)) return state;
  const rest = state.conversations.filter((one) => one !== old);
  const conversations = [{ ...old, ...conversation }, ...rest].sort(byLatest);
  return { ...state, conversations };
}

/** Not below what has been fetched so far: it comes with its own helping, and those above it are not left out.
 * @param {State} state @param {ConversationFacts} conversation */
function belongs(state, { updated_at }) {
  const last = state.conversations.at(-1);
  return updated_at !== undefined && !(state.hasOlder && last && Date.parse(updated_at) < Date.parse(last.updated_at ?? ""));
}

/** @param {ConversationFacts} one @param {ConversationFacts} other */
function byLatest(one, other) {
  return Date.parse(other.updated_at ?? "") - Date.parse(one.updated_at ?? "") || 0;
}

// ---- by day ----

const DAY = 86_400_000;

/**
 * Which group of the history a moment belongs to: a word's key, or a month when it is older than 30 days.
 * Days are the reader's own.
 * @param {string} iso
 * @param {Date} now
 * @param {string} [language]
 * @returns {{ key: string } | { month: string }}
 */
export function dayGroup(iso, now, language) {
  const moment = new Date(iso);
  const days = Math.round((midnight(now) - midnight(moment)) / DAY);
  if (days <= 0) return { key: "today" };
  if (days === 1) return { key: "yesterday" };
  if (days <= 7) return { key: "previous_7" };
  if (days <= 30) return { key: "previous_30" };
  return { month: new Intl.DateTimeFormat(language, { month: "long", year: "numeric" }).format(moment) };
}

/** @param {Date} date */
function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
