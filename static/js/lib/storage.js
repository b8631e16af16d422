/** What this browser keeps between visits: drafts and messages that wait. Works, and forgets, where storage is refused. */

const PREFIX = "chatsite.";
const DRAFT_LIMIT = 200_000; // characters; storage holds about five million for the whole site

/** @type {Map<string, string>} */
const memory = new Map();

/** @param {string} key @returns {string | null} */
export function read(key) {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return memory.get(key) ?? null;
  }
}

/**
 * Keep `value`, or remove it when it is empty or too long to be kept.
 * @param {string} key
 * @param {string} value
 */
export function keep(key, value) {
  const wanted = value !== "" && value.length <= DRAFT_LIMIT;
  try {
    if (wanted) localStorage.setItem(PREFIX + key, value);
    else localStorage.removeItem(PREFIX + key);
  } catch {
    if (wanted) memory.set(key, value);
    else memory.delete(key);
  }
}

/**
 * @template T
 * @param {string} key
 * @param {T} fallback
 * @returns {T}
 */
export function readJson(key, fallback) {
  const text = read(key);
  if (!text) return fallback;
  try {
    return JSON.parse(text);
  } catch {
    return fallback;
  }
}

/**
 * What is kept here is one person's: when another one signs in, it is none of their business, and must not be sent in
 * their name.
 * @param {string} person an id, or "" when nobody is signed in
 */
export function belongTo(person) {
  const before = read("person");
  if (!person || before === person) return;
  if (before) forgetAll();
  keep("person", person);
}

/** Signed out on purpose: nothing of what was written stays in this browser. */
export function forgetAll() {
  memory.clear();
  try {
    const keys = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? "");
    for (const key of keys) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // refused: there is nothing to forget
  }
}
