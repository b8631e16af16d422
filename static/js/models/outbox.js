/** Questions that are on their way or wait for it, oldest first. Pure; the same client_id makes sending twice harmless. */

/** @typedef {{ provider?: string, model_id?: string }} Target */
/**
 * @typedef {object} Waiting
 * @property {string} client_id
 * @property {string} text
 * @property {Target} target
 * @property {"waiting" | "sending" | "failed"} status
 * @property {string} reason why it failed, one sentence
 * @property {boolean} passing it may succeed as it is: the site was not reached
 */
/** @typedef {readonly Waiting[]} Outbox */

/** @param {Outbox} outbox @param {string} client_id @param {string} text @param {Target} target @returns {Outbox} */
export function add(outbox, client_id, text, target) {
  return [...outbox, { client_id, text, target, status: "waiting", reason: "", passing: false }];
}

/** @param {Outbox} outbox @param {string} client_id @param {Partial<Waiting>} facts @returns {Outbox} */
export function change(outbox, client_id, facts) {
  return outbox.map((one) => (one.client_id === client_id ? { ...one, ...facts } : one));
}

/** It arrived, or the person took it back. @param {Outbox} outbox @param {string} client_id @returns {Outbox} */
export function remove(outbox, client_id) {
  return outbox.filter((one) => one.client_id !== client_id);
}

/**
 * The question to send now: the first, when nothing hinders it. One that failed holds up those behind it: they were
 * written after it.
 * @param {Outbox} outbox
 * @param {{ busy: boolean, online: boolean }} line busy: an answer is being written
 * @returns {Waiting | null}
 */
export function next(outbox, { busy, online }) {
  const first = outbox[0];
  return first && first.status === "waiting" && !busy && online ? first : null;
}

/**
 * Those that a page finds again after a reload: what was on its way is sent again, under the same client_id.
 * @param {unknown} stored
 * @returns {Outbox}
 */
export function restore(stored) {
  if (!Array.isArray(stored)) return [];
  const whole = stored.filter((one) => typeof one?.client_id === "string" && typeof one?.text === "string");
  return whole.map((one) => ({ target: {}, reason: "", passing: false, ...one, status: one.status === "failed" ? "failed" : "waiting" }));
}
