/** Delivers questions one after the other: each when the answer before it has ended, under a client_id that makes
 * delivering twice harmless. Knows no page: what it needs is handed to it. */

import * as outbox from "./outbox.js";

/** @typedef {import("./outbox.js").Waiting} Waiting */
/**
 * What became of a delivery: taken, to be tried again later, or refused for good (until a person says otherwise).
 * @typedef {{ answer: any } | { refused: { code: string, status: number, passing: boolean, reason: string } }} Outcome
 */
/**
 * @typedef {object} World
 * @property {(question: Waiting) => Promise<Outcome>} deliver
 * @property {(answer: any) => void} accepted
 * @property {(refused: { code: string, status: number }) => void} refused
 * @property {(outbox: outbox.Outbox) => void} changed
 * @property {() => boolean} busy an answer is being written
 * @property {() => boolean} online
 */

export class Sender {
  /** @type {outbox.Outbox} */
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
    this.#become(outbox.restore(stored));
    this.pump();
  }

  /** @param {string} id a client_id @param {string} text @param {outbox.Target} target */
  add(id, text, target) {
    this.#become(outbox.add(this.#outbox, id, text, target));
  }

  /** @param {string} id */
  retry(id) {
    this.#become(outbox.change(this.#outbox, id, { status: "waiting" }));
    this.pump();
  }

  /** The line is back: what the site never heard of is sent again; what it refused waits for the person. */
  retryPassing() {
    const lost = this.#outbox.filter((one) => one.status === "failed" && one.passing);
    if (lost.length) this.#become(lost.reduce((box, one) => outbox.change(box, one.client_id, { status: "waiting" }), this.#outbox));
    this.pump();
  }

  /** @param {string} id @returns {Waiting | undefined} what was taken back */
  takeBack(id) {
    const question = this.#outbox.find((one) => one.client_id === id);
    this.#become(outbox.remove(this.#outbox, id));
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
    const question = outbox.next(this.#outbox, { busy: this.#sending || this.world.busy(), online: this.world.online() });
    if (question) this.#deliver(question);
  }

  /** @param {Waiting} question */
  async #deliver(question) {
    const id = question.client_id;
    this.#sending = true;
    this.#become(outbox.change(this.#outbox, id, { status: "sending", reason: "" }));
    try {
      const outcome = await this.world.deliver(question);
      if ("answer" in outcome) {
        this.world.accepted(outcome.answer);
        this.#become(outbox.remove(this.#outbox, id));
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
    this.#become(outbox.change(this.#outbox, id, waits ? { status: "waiting" } : { status: "failed", passing, reason }));
    this.world.refused(refused);
  }

  /** @param {outbox.Outbox} changed */
  #become(changed) {
    this.#outbox = changed;
    this.world.changed(changed);
  }
}
