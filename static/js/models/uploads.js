/** Many uploads: a few at a time, the others wait for their turn. Knows no DOM. */

import { Upload } from "./upload.js";

/** @typedef {import("./upload.js").Door} Door */

const AT_ONCE = 3;

export class Uploads {
  /** Those that are shown, the oldest first. @type {Upload[]} */
  list = [];

  /** @param {Door} door @param {(upload: Upload) => void} changed after every change of any of them */
  constructor(door, changed) {
    this.door = door;
    this.changed = changed;
  }

  /** Whether any of them is still on its way. */
  get busy() {
    return this.list.some((upload) => ["waiting", "sending", "offline", "finishing"].includes(upload.state));
  }

  /**
   * @param {Iterable<File>} files
   * @param {string | null} [id] of an upload that was begun before, for one file
   * @returns {Upload[]} one for each; they start by themselves
   */
  add(files, id = null) {
    const added = [...files].map((file) => new Upload(file, this.door, (upload) => this.#moved(upload), id));
    this.list.push(...added);
    this.#next();
    return added;
  }

  /** No longer of interest: done, failed or cancelled. @param {Upload} upload */
  drop(upload) {
    this.list = this.list.filter((one) => one !== upload);
  }

  /** @param {Upload} upload */
  #moved(upload) {
    this.changed(upload);
    if (upload.over || upload.state === "failed" || upload.state === "paused") this.#next();
  }

  #next() {
    const going = this.list.filter(({ state }) => state === "sending" || state === "finishing").length;
    for (const upload of this.list.filter(({ state }) => state === "waiting").slice(0, Math.max(0, AT_ONCE - going))) upload.start();
  }
}
