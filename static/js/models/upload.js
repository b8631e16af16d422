/** One file on its way to the site: begun, sent in parts, put together. It can be paused, gone on with, cancelled, and tried
 * again; a connection that breaks off is waited for. Knows no DOM: `lib/uploading.js` is its way out, a test has another.
 *
 *   const upload = new Upload(file, siteDoor, (upload) => draw(upload));
 *   const stored = await upload.start(); // the site's file (docs/protocol.md), or null when it was cancelled or refused
 */

import { CommandError, uuid } from "../lib/site.js";

/** @typedef {"waiting" | "sending" | "paused" | "offline" | "finishing" | "done" | "failed" | "cancelled"} UploadState */
/** @typedef {{ id: string, name: string, size: number, part_size: number, parts: number, received: number[], status: string }} Begun */
/** @typedef {{ id: string, name: string, kind: string, mime: string, size: number, width: number | null, height: number | null, url: string, content: string, thumb: string | null }} StoredFile */
/**
 * @typedef {object} Door
 * @property {(fields: { client_id: string, name: string, size: number }) => Promise<Begun>} begin
 * @property {(id: string) => Promise<Begun>} look
 * @property {(id: string, number: number, bytes: Blob, signal: AbortSignal, sent: (bytes: number) => void) => Promise<Begun>} put
 * @property {(id: string) => Promise<StoredFile>} finish
 * @property {(id: string) => Promise<void>} cancel
 * @property {(attempt: number, signal: AbortSignal) => Promise<void>} patience until it is worth another try
 */

const OVER = new Set(["done", "cancelled"]);

export class Upload {
  /** @type {UploadState} */
  state = "waiting";
  /** Bytes that have arrived, those of the part that is under way included. */
  sent = 0;
  /** Why it failed: `error.sentence` is for a person. @type {CommandError | null} */
  error = null;
  /** @type {StoredFile | null} */
  file = null;
  /** @type {string | null} */
  #id;
  #clientId = uuid();
  /** @type {AbortController} */
  #going = new AbortController();
  /** @type {Promise<StoredFile | null> | null} */
  #running = null;

  /**
   * @param {File} source
   * @param {Door} door
   * @param {(upload: Upload) => void} [changed] called after every change of `state` and `sent`
   * @param {string | null} [id] of an upload that was begun before, to go on with
   */
  constructor(source, door, changed = () => {}, id = null) {
    this.source = source;
    this.name = source.name || "pasted";
    this.size = source.size;
    this.door = door;
    this.changed = changed;
    this.#id = id;
  }

  /** From 0 to 1. */
  get progress() {
    return this.size ? this.sent / this.size : 0;
  }

  /** Whether nothing more will happen by itself or by `start`. */
  get over() {
    return OVER.has(this.state);
  }

  /** Begin, go on after a pause, or try again. @returns {Promise<StoredFile | null>} null when it ended otherwise */
  start() {
    if (this.over) return Promise.resolve(this.file);
    this.#running ??= this.#run().finally(() => { this.#running = null; });
    return this.#running;
  }

  /** Keep what has arrived, and send no more for now. */
  pause() {
    if (this.state !== "sending" && this.state !== "offline" && this.state !== "waiting") return;
    this.#become("paused");
    this.#going.abort();
  }

  /** Send no more, and have the site forget what has arrived. */
  async cancel() {
    if (this.over) return;
    this.#become("cancelled");
    this.#going.abort();
    await this.#running?.catch(() => {});
    if (this.#id) await this.door.cancel(this.#id).catch(() => {}); // forgotten after a day in any case
  }

  async #run() {
    this.#going = new AbortController();
    this.error = null;
    this.#become("sending");
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#send(() => { attempt = 0; });
      } catch (error) {
        if (this.#going.signal.aborted) return null;
        if (!(error instanceof CommandError)) throw error;
        if (!error.passing && error.code !== "upload_busy") return this.#failed(error);
        this.#become("offline");
        await this.door.patience(attempt, this.#going.signal);
        if (this.#going.signal.aborted) return null;
        this.#become("sending");
      }
    }
  }

  /** @param {() => void} worked a part has arrived */
  async #send(worked) {
    const begun = this.#id ? await this.door.look(this.#id) : await this.door.begin({ client_id: this.#clientId, name: this.name, size: this.size });
    this.#id = begun.id;
    const { part_size: size, received } = begun;
    const has = new Set(received);
    const lengthOf = (/** @type {number} */ number) => Math.min(size, this.size - number * size);
    let arrived = received.reduce((sum, number) => sum + lengthOf(number), 0);
    this.#count(arrived);
    for (let number = 0; number < begun.parts && begun.status === "open"; number += 1) {
      if (has.has(number)) continue;
      this.#going.signal.throwIfAborted();
      const bytes = this.source.slice(number * size, number * size + lengthOf(number));
      await this.door.put(begun.id, number, bytes, this.#going.signal, (sent) => this.#count(arrived + sent));
      arrived += lengthOf(number);
      this.#count(arrived);
      worked();
    }
    this.#going.signal.throwIfAborted();
    this.#become("finishing");
    this.file = await this.door.finish(begun.id);
    if (this.state === "cancelled") return null;
    this.#become("done");
    return this.file;
  }

  /** @param {CommandError} error */
  #failed(error) {
    this.error = error;
    this.sent = 0;
    this.#id = null; // what the site has refused it has forgotten; another try begins anew
    this.#clientId = uuid();
    this.#become("failed");
    return null;
  }

  /** @param {number} sent */
  #count(sent) {
    this.sent = sent;
    this.changed(this);
  }

  /** @param {UploadState} state */
  #become(state) {
    if (this.state === "cancelled") return;
    this.state = state;
    this.changed(this);
  }
}
