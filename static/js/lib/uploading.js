/** The way of an upload to the site (docs/protocol.md): commands as JSON, parts as they are, with their progress. */

import { CommandError, csrfToken, get, post } from "./site.js";

/** @typedef {import("../models/upload.js").Door} Door */
/** @typedef {import("../models/upload.js").Begun} Begun */

const LONGEST_PATIENCE = 10_000; // milliseconds

/** @type {Door} */
export const siteDoor = {
  begin: async (fields) => (await post("/files/uploads/", fields)).upload,
  look: async (id) => (await get(`/files/uploads/${id}/`)).upload,
  put: (id, number, bytes, signal, sent) => put(`/files/uploads/${id}/parts/${number}/`, bytes, signal, sent),
  finish: async (id) => (await post(`/files/uploads/${id}/finish/`)).file,
  cancel: async (id) => { await post(`/files/uploads/${id}/cancel/`); },
  patience: wait,
};

/** `fetch` tells no progress of what is sent. @param {string} url @param {Blob} bytes @param {AbortSignal} signal
 * @param {(bytes: number) => void} sent @returns {Promise<Begun>} */
function put(url, bytes, signal, sent) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const lost = () => reject(new CommandError(0, "unreachable", ""));
    request.open("PUT", url);
    request.responseType = "json";
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrfToken(document.cookie));
    request.upload.onprogress = ({ loaded }) => sent(loaded);
    request.onload = () => {
      const { error = {}, upload } = request.response ?? {};
      if (upload) resolve(upload);
      else reject(new CommandError(request.status, error.code ?? "unexpected", error.message ?? "", error.data ?? {}));
    };
    request.onerror = request.onabort = lost;
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(bytes);
  });
}

/** Until the connection is said to be back, or a while has passed. @param {number} attempt @param {AbortSignal} signal */
function wait(attempt, signal) {
  return /** @type {Promise<void>} */ (new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      removeEventListener("online", over);
      resolve();
    };
    const timer = setTimeout(over, Math.min(LONGEST_PATIENCE, 500 * 2 ** Math.min(attempt, 5)));
    addEventListener("online", over);
    signal.addEventListener("abort", over, { once: true });
  }));
}
