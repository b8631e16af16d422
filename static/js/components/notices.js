/** What has to be said under an answer: how it ended, and what helps. The server says the same (conversations/_notice.html). */

import { factText, leadSentence, noticeKind } from "../lib/answers.js";
import { clone, part } from "../lib/site.js";
import { isLive, textOf } from "../models/events.js";

/**
 * @param {HTMLElement} place
 * @param {import("../models/events.js").Message} message
 * @param {import("../models/events.js").Run | null} run its live run
 */
export function showNotice(place, message, run) {
  const kind = run?.retry_at && isLive(message.status) ? "waiting" : noticeKind(message);
  const shown = /** @type {HTMLElement | null} */ (place.firstElementChild);
  const same = shown?.dataset.notice === kind ? shown : null;
  if (same && kind !== "failed" && kind !== "interrupted") return;
  if (!same) place.replaceChildren();
  if (!kind || kind === "waiting") return;
  const notice = same ?? clone(`notice-${kind}`); // the same one stays: its details may be open
  if (message.error && notice.querySelector("[data-what]")) fill(notice, message.error);
  const reason = notice.querySelector("[data-reason]");
  if (reason) reason.textContent = message.finish_reason;
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (notice.querySelectorAll("[data-act]"))) {
    button.formAction = `/messages/${message.id}/${button.dataset.act}/`;
  }
  for (const kept of /** @type {NodeListOf<HTMLElement>} */ (notice.querySelectorAll("[data-with-text]"))) {
    kept.hidden = textOf(message) === "";
  }
  if (!same) place.append(notice);
}

/** @param {HTMLElement} notice @param {import("../models/events.js").Failure} error */
function fill(notice, error) {
  const [what, rest] = leadSentence(error.message || error.code);
  part(notice, "[data-what]").textContent = what;
  part(notice, "[data-rest]").textContent = rest;
  const request = error.data?.request_id ?? error.data?.upstream_request_id;
  part(notice, "[data-code]").textContent = [error.code, request].filter(Boolean).join(" · ");
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (notice.querySelectorAll("[data-fact]"))) {
    const name = row.dataset.fact ?? "";
    const text = factText(name, error.data?.[name]);
    part(row, "dd").textContent = text;
    row.hidden = text === "";
  }
  const details = /** @type {HTMLElement | null} */ (notice.querySelector("[data-details]"));
  if (details) details.hidden = !error.data?.upstream_message;
}
