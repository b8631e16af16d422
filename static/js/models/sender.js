/** Delivers questions one after the other: each when the answer before it has ended, under a client_id that makes
 * delivering twice harmless. Knows no page: what it needs is handed to it. */

// ---- the outbox: pure, oldest first; the same client_id makes sending twice harmless ----

/** @typedef {{ provider?: string, model_id?: string }} Model */
/** @typedef {Model & { also?: Model[], beside?: boolean }} Target whom to ask, and who else answers the same */
/** @typedef {import("./attachments.js").Chosen} Chosen */
/**
 * @typedef {object} Waiting
 * @property {string} client_id
 * @property {string} text
 * @property {Target} target
 * @property {readonly Chosen[]} [files] what is attached
 * @property {"waiting" | "sending" | "failed"} status
 * @property {string} reason why it failed, one sentence
 * @property {boolean} passing it may succeed as it is: the site was not reached
 */
/** @typedef {readonly Waiting[]} Outbox */

/** @param {Outbox} outbox @param {string} client_id @param {string} text @param {Target} target
 * @param {readonly Chosen[]} [files] @returns {Outbox} */
export function add(outbox, client_id, text, target, files = []) {
  return [...outbox, { client_id, text, target, ...(files.length && { files }), status: "waiting", reason: "", passing: false }];
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

// ---- the sender ----

/**
 * What became of a delivery: taken, to be tried again later, or refused for good (until a person says otherwise).
 * @typedef {{ answer: any } | { refused: { code: string, status: number, passing: boolean, reason: string } }} Outcome
 */
/**
 * @typedef {object} World
 * @property {(question: Waiting) => Promise<Outcome>} deliver
 * @property {(answer: any) => void} accepted
 * @property {(refused: { code: string, status: number }) => void} refused
 * @property {(outbox: Outbox) => void} changed
 * @property {() => boolean} busy an answer is being written
 * @property {() => boolean} online
 */

export class Sender {
  /** @type {Outbox} */
  #outbox = [];
  #sending = false;

  /** @param {World} world */
  constructor(world) {
    this.world = world;
  }

  get outbox() {
    return this.#outbox;
  }

  /** What a page before this one had not delivered. @param {unknown} stored */
  restore(stored) {
    this.#become(restore(stored));
    this.pump();
  }

  /** @param {string} id a client_id @param {string} text @param {Target} target @param {readonly Chosen[]} [files] */
  add(id, text, target, files) {
    this.#become(add(this.#outbox, id, text, target, files));
  }

  /** @param {string} id */
  retry(id) {
    this.#become(change(this.#outbox, id, { status: "waiting" }));
    this.pump();
  }

  /** The line is back: what the site never heard of is sent again; what it refused waits for the person. */
  retryPassing() {
    const lost = this.#outbox.filter((one) => one.status === "failed" && one.passing);
    if (lost.length) this.#become(lost.reduce((box, one) => change(box, one.client_id, { status: "waiting" }), this.#outbox));
    this.pump();
  }

  /** @param {string} id @returns {Waiting | undefined} what was taken back */
  takeBack(id) {
    const question = this.#outbox.find((one) => one.client_id === id);
    this.#become(remove(this.#outbox, id));
    this.pump();
    return question;
  }

  /** Their messages are there, by whichever way. @param {ReadonlySet<string | null>} ids client_ids */
  arrived(ids) {
    const rest = this.#outbox.filter((one) => !ids.has(one.client_id));
    if (rest.length < this.#outbox.length) this.#become(rest);
  }

  /** Deliver the next question if nothing hinders it. */
  pump() {
    const question = next(this.#outbox, { busy: this.#sending || this.world.busy(), online: this.world.online() });
    if (question) this.#deliver(question);
  }

  /** @param {Waiting} question */
  async #deliver(question) {
    const id = question.client_id;
    this.#sending = true;
    this.#become(change(this.#outbox, id, { status: "sending", reason: "" }));
    try {
      const outcome = await this.world.deliver(question);
      if ("answer" in outcome) {
        this.world.accepted(outcome.answer);
        this.#become(remove(this.#outbox, id));
        this.#sending = false;
        this.pump();
      } else this.#refused(id, outcome.refused);
    } finally {
      this.#sending = false;
    }
  }

  /** @param {string} id @param {{ code: string, status: number, passing: boolean, reason: string }} refused */
  #refused(id, refused) {
    const { code, passing, reason } = refused;
    // Another tab was faster: it waits until that answer's end is heard of, which pumps again.
    const waits = code === "answer_running";
    this.#become(change(this.#outbox, id, waits ? { status: "waiting" } : { status: "failed", passing, reason }));
    this.world.refused(refused);
  }

  /** @param {Outbox} changed */
  #become(changed) {
    this.#outbox = changed;
    this.world.changed(changed);
  }
}
