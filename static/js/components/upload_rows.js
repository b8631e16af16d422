/** Uploads as rows: name, bar, time left, pause, cancel, retry. Comes with the first file (templates/parts/uploads.html).
 *
 *   const rows = await uploadRows(list, (file) => show(file)); // list: an empty <ul class="uploads" hidden>
 *   rows.add(files);
 */

import { partsOf } from "../lib/later.js";
import { clone, part, word } from "../lib/site.js";
import { siteDoor } from "../lib/uploading.js";
import { Uploads } from "../models/uploads.js";

/** @typedef {import("../models/upload.js").Upload} Upload */
/** @typedef {import("../models/upload.js").StoredFile} StoredFile */

/** @param {HTMLElement} list @param {(file: StoredFile) => void} done @returns {Promise<UploadRows>} */
export async function uploadRows(list, done) {
  await partsOf("/parts/uploads/");
  return new UploadRows(list, done);
}

class UploadRows {
  /** @type {Map<Upload, { element: HTMLElement, began: number, from: number }>} */
  #rows = new Map();

  /** @param {HTMLElement} list @param {(file: StoredFile) => void} done */
  constructor(list, done) {
    this.list = list;
    this.done = done;
    this.uploads = new Uploads(siteDoor, (upload) => this.#changed(upload));
    addEventListener("beforeunload", (event) => { if (this.uploads.busy) event.preventDefault(); });
  }

  /** @param {Iterable<File>} files @param {string | null} [id] of an upload that was broken off, to go on with */
  add(files, id = null) {
    for (const upload of this.uploads.add(files, id)) this.#changed(upload);
  }

  /** @param {Upload} upload */
  #changed(upload) {
    if (upload.over) {
      this.#remove(upload);
      if (upload.file) this.done(upload.file);
      return;
    }
    const row = this.#rows.get(upload) ?? this.#begin(upload);
    if (row.element.dataset.state !== upload.state) {
      row.element.dataset.state = upload.state;
      row.began = performance.now();
      row.from = upload.sent;
      this.#become(row.element, upload);
    }
    /** @type {HTMLProgressElement} */ (part(row.element, "[data-bar]")).value = upload.progress;
    part(row.element, "[data-state]").textContent = stateWords(upload, row);
  }

  /** @param {Upload} upload */
  #begin(upload) {
    const element = clone("upload");
    part(element, "[data-name]").textContent = upload.name;
    for (const [selector, key, act] of /** @type {[string, string, () => void][]} */ ([
      ["[data-pause]", "upload_pause", () => upload.pause()],
      ["[data-resume]", "upload_resume", () => upload.start()],
      ["[data-retry]", "upload_resume", () => upload.start()],
      ["[data-cancel]", "upload_cancel", () => upload.cancel()],
    ])) {
      const button = part(element, selector);
      const label = word(key, { name: upload.name });
      button.setAttribute("aria-label", label);
      if (selector !== "[data-retry]") button.title = label;
      button.addEventListener("click", act);
    }
    part(element, "[data-bar]").setAttribute("aria-label", upload.name);
    const row = { element, began: performance.now(), from: upload.sent };
    this.#rows.set(upload, row);
    this.list.append(element);
    this.list.hidden = false;
    return row;
  }

  /** What the row offers in this state. @param {HTMLElement} element @param {Upload} upload */
  #become(element, { state, error, name }) {
    const failed = state === "failed";
    const focused = element.contains(document.activeElement);
    part(element, "[data-pause]").hidden = !["sending", "offline", "waiting"].includes(state);
    part(element, "[data-resume]").hidden = state !== "paused";
    part(element, "[data-retry]").hidden = !failed || (error !== null && [400, 415].includes(error.status));
    part(element, "[data-bar]").hidden = failed;
    const fault = part(element, "[data-fault]");
    fault.hidden = !failed;
    fault.textContent = failed ? error?.sentence ?? "" : "";
    if (failed) part(element, "[data-cancel]").setAttribute("aria-label", word("upload_close", { name }));
    if (focused) part(element, "button:not([hidden])").focus(); // what was pressed may be gone: pause, or go on
  }

  /** @param {Upload} upload */
  #remove(upload) {
    const row = this.#rows.get(upload);
    if (!row) return;
    const focused = row.element.contains(document.activeElement);
    const next = /** @type {HTMLElement | null} */ (row.element.nextElementSibling ?? row.element.previousElementSibling);
    row.element.remove();
    this.#rows.delete(upload);
    this.uploads.drop(upload);
    this.list.hidden = this.#rows.size === 0;
    if (focused) /** @type {HTMLElement | null | undefined} */ (next?.querySelector("button:not([hidden])"))?.focus();
  }
}

/** @param {Upload} upload @param {{ began: number, from: number }} row */
function stateWords(upload, { began, from }) {
  const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" }).format(upload.progress);
  if (upload.state === "failed") return "";
  if (upload.state === "paused") return word("upload_paused", { percent });
  if (upload.state === "waiting" || upload.state === "offline" || upload.state === "finishing") return word(`upload_${upload.state}`);
  const seconds = (performance.now() - began) / 1_000;
  const speed = (upload.sent - from) / seconds;
  if (seconds < 1 || speed <= 0) return percent;
  const time = timeWords((upload.size - upload.sent) / speed);
  return word("upload_left", { percent, time });
}

/** @param {number} seconds */
function timeWords(seconds) {
  if (seconds < 60) return word("upload_seconds", { count: Math.ceil(seconds) });
  if (seconds < 3_600) return word("upload_minutes", { count: Math.ceil(seconds / 60) });
  return word("upload_hours", { count: Math.ceil(seconds / 3_600) });
}
