/** What every script leans on: the page's own elements and words, commands to the site, and what this browser keeps.
 *
 * One module, because no page does without any of it, and each module is a request before the first answer.
 */

// ---- elements that the server rendered once for scripts to copy: `<template data-template>` ----

/** @type {Map<string, Element>} */
const found = new Map();

/**
 * A copy of the one element in a template.
 * @param {string} name
 * @returns {HTMLElement}
 */
export function clone(name) {
  let original = found.get(name);
  if (!original) {
    const template = /** @type {HTMLTemplateElement | null} */ (document.querySelector(`template[data-template="${name}"]`));
    const first = template?.content.firstElementChild;
    if (!first) throw new Error(`There is no template ${name} in this page.`);
    original = first;
    found.set(name, original);
  }
  return /** @type {HTMLElement} */ (document.importNode(original, true));
}

/**
 * The first element under `root` that matches; a page without it is broken, and says so.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function part(root, selector) {
  const element = root.querySelector(selector);
  if (!element) throw new Error(`There is no ${selector} here.`);
  return /** @type {HTMLElement} */ (element);
}

// ---- words: read once from the JSON block that the server rendered (templates/_words.html) ----

/** @type {Record<string, string> | null} */
let words = null;

/** @returns {Record<string, string>} */
function load() {
  const text = globalThis.document?.getElementById("words")?.textContent;
  return text ? JSON.parse(text) : {};
}

/**
 * The words for `key`, with each {name} replaced. A key that is missing is shown as it is, so that it is noticed.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function word(key, values = {}) {
  words ??= load();
  return fill(words[key] ?? key, values);
}

/** Words that came later. @param {Record<string, string>} more */
export function learn(more) {
  words = { ...(words ?? load()), ...more };
}

/**
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

// ---- commands: POST with JSON and the CSRF token; answers in the one error shape ----

/**
 * A command that was refused, or that never reached the site.
 * `status` is 0 when there was no answer; then the same command may be sent again under the same client_id.
 */
export class CommandError extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} message one sentence for a person
   * @param {Record<string, unknown>} data
   */
  constructor(status, code, message, data = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.data = data;
  }

  /** Whether the same command may succeed without being changed. */
  get passing() {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }

  /** For a person: the server's own words, where it had any. */
  get sentence() {
    return this.message || word(this.passing ? "unreachable" : "unexpected");
  }
}

/**
 * @param {string} url
 * @param {Record<string, unknown>} body
 * @returns {Promise<any>} the JSON answer
 * @throws {CommandError}
 */
export async function post(url, body = {}) {
  const response = await request(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken(document.cookie) },
    body: JSON.stringify(body),
  });
  return answer(response);
}

/** @param {string} url */
export async function get(url) {
  return answer(await request(url, { headers: { Accept: "application/json" } }));
}

/** @param {string} url @param {RequestInit} init */
async function request(url, init) {
  try {
    return await fetch(url, { credentials: "same-origin", ...init });
  } catch {
    throw new CommandError(0, "unreachable", "");
  }
}

/** @param {Response} response */
async function answer(response) {
  const data = await response.json().catch(() => null);
  if (response.ok && data !== null) return data;
  const error = data?.error ?? {};
  throw new CommandError(response.status, error.code ?? "unexpected", error.message ?? "", error.data ?? {});
}

/** @param {string} cookies as in `document.cookie` */
export function csrfToken(cookies) {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(cookies)?.[1] ?? "";
}

// ---- away from here ----

const PATIENCE = 10_000; // milliseconds for the answer to a form that was sent as a form
let formSentAt = -PATIENCE;
globalThis.window?.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) formSentAt = performance.now();
});

/**
 * Nobody is signed in any more: go where one can be, and come back. When this page has just sent a form, that may be why
 * (signing out, deleting the account), and its answer is not overtaken.
 */
export function signIn() {
  const left = formSentAt + PATIENCE - performance.now();
  const go = () => location.assign(`/accounts/login/?next=${encodeURIComponent(location.pathname)}`);
  if (left > 0) setTimeout(go, left);
  else go();
}

// ---- ids that the browser gives its commands, so that a repeated one is the same one ----

/**
 * A random UUID (version 4). `crypto.randomUUID` exists on https and localhost only; elsewhere it is made by hand.
 * @param {Pick<Crypto, "getRandomValues"> & Partial<Pick<Crypto, "randomUUID">>} source
 * @returns {string}
 */
export function uuid(source = globalThis.crypto) {
  if (source.randomUUID) return source.randomUUID();
  const bytes = source.getRandomValues(new Uint8Array(16));
  bytes[6] = (/** @type {number} */ (bytes[6]) & 0x0f) | 0x40;
  bytes[8] = (/** @type {number} */ (bytes[8]) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// ---- what this browser keeps between visits: drafts and questions that wait ----

const PREFIX = "chatsite.";
const DRAFT_LIMIT = 200_000; // characters; storage holds about five million for the whole site

/** @type {Map<string, string>} */
const memory = new Map(); // where storage is refused: works, and forgets

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

const DELETED = PREFIX + "deleted";

/** What was just deleted, for Undo on this tab's next page; without a value it is taken, and forgotten.
 * @param {string} [value] @returns {string | null} */
export function justDeleted(value) {
  try {
    const before = sessionStorage.getItem(DELETED);
    if (value) sessionStorage.setItem(DELETED, value);
    else sessionStorage.removeItem(DELETED);
    return before;
  } catch {
    return null; // refused: there is no Undo on the next page
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
