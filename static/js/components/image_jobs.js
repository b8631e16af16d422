/** Jobs that make pictures, live: the server alone draws them, and they are fetched anew when there is news. */

import { CommandError, fill, part, post, uuid, word } from "../lib/site.js";
import { pieceOf } from "../lib/later.js";
import { toast } from "./toasts.js";

const ENDED = "completed"; // then its pictures stand in the gallery, and nothing is left to be said

export class Jobs {
  /** @type {Map<string, boolean>} those that are being fetched: whether there has been news since */
  #coming = new Map();

  /** @param {HTMLElement} element @param {import("./image_gallery.js").Gallery | null} gallery */
  constructor(element, gallery) {
    this.element = element;
    this.gallery = gallery;
    addEventListener("chatsite:me", (event) => this.#heard(/** @type {CustomEvent} */ (event).detail));
    element.addEventListener("submit", (event) => this.#submitted(event));
    setInterval(() => this.#tick(), 1_000);
    for (const card of element.querySelectorAll("[data-live]")) this.refresh(/** @type {HTMLElement} */ (card).dataset.job ?? "");
  }

  /** Fetch a job as it is now. @param {string} id */
  async refresh(id) {
    if (this.#coming.has(id)) {
      this.#coming.set(id, true);
      return;
    }
    this.#coming.set(id, false);
    const fresh = await pieceOf(`/images/jobs/${id}/card/`, "[data-job]").catch((error) => (error instanceof CommandError && error.status === 404 ? "gone" : null));
    const again = this.#coming.get(id);
    this.#coming.delete(id);
    if (fresh) this.#show(id, fresh === "gone" ? null : /** @type {HTMLElement} */ (fresh));
    if (again) this.refresh(id);
  }

  /** @param {string} id @returns {HTMLElement | null} */
  #card(id) {
    return this.element.querySelector(`[data-job="${CSS.escape(id)}"]`);
  }

  /** @param {string} id @param {HTMLElement | null} fresh */
  #show(id, fresh) {
    const card = this.#card(id);
    if (!fresh || (fresh.dataset.status === ENDED && !("stays" in this.element.dataset))) {
      const focused = card?.contains(document.activeElement);
      card?.remove();
      if (focused) /** @type {HTMLElement | null} */ (document.querySelector("[data-image-form] [name=prompt]"))?.focus();
      if (fresh && this.gallery) {
        if (card) announce(this.element.dataset.finished ?? "");
        this.gallery.refresh();
      }
      return;
    }
    if (card) {
      keepPictures(card, fresh);
      card.replaceWith(fresh);
    } else this.element.prepend(fresh);
    if (!("live" in fresh.dataset)) this.gallery?.refresh(); // those that it did make
    this.#tick();
  }

  /** @param {import("../models/events.js").Event} event */
  #heard(event) {
    if (event.type === "me.snapshot") {
      const live = (event.jobs ?? []).filter((/** @type {{ status: string }} */ job) => job.status === "queued" || job.status === "in_progress");
      const cards = [...this.element.querySelectorAll("[data-live]")].map((card) => /** @type {HTMLElement} */ (card).dataset.job ?? "");
      for (const id of new Set([...live.map((/** @type {{ id: string }} */ job) => job.id), ...cards])) this.refresh(id);
    } else if (event.type === "picture.partial") this.#rough(event.job, event.partial);
    else if (event.type === "picture.created") this.refresh(event.picture.job);
    else if (["job.created", "job.updated", "job.finished"].includes(event.type)) this.refresh(event.job.id);
    else if (event.type === "picture.updated") this.gallery?.updated(event.picture);
    else if (event.type === "picture.deleted") this.gallery?.removed(event.picture);
  }

  /** What a picture looks like so far, in place of what it looked like before. @param {string} job @param {{ index: number, url: string }} partial */
  #rough(job, { index, url }) {
    const image = /** @type {HTMLImageElement | null | undefined} */ (this.#card(job)?.querySelector(`[data-index="${index}"] .job-rough`));
    if (image) image.src = url;
    else this.refresh(job);
  }

  #tick() {
    for (const card of /** @type {NodeListOf<HTMLElement>} */ (this.element.querySelectorAll("[data-live]"))) {
      const place = part(card, "[data-seconds]");
      const seconds = Math.max(0, Math.round((Date.now() - Date.parse(card.dataset.started ?? "")) / 1_000));
      place.textContent = `· ${fill(place.dataset.words ?? "", { seconds })}`;
    }
  }

  /** @param {SubmitEvent} event */
  async #submitted(event) {
    const form = event.target instanceof HTMLFormElement && event.target.matches("[data-act]") ? event.target : null;
    if (!form) return;
    event.preventDefault();
    const card = /** @type {HTMLElement} */ (form.closest("[data-job]"));
    event.submitter?.setAttribute("aria-busy", "true");
    const fields = Object.fromEntries([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken"));
    if ("client_id" in fields) fields.client_id ||= uuid();
    try {
      const answer = await post(form.action, fields);
      if (answer?.job?.id && answer.job.id !== card.dataset.job) {
        card.remove(); // tried again: the new one stands for it
        this.refresh(answer.job.id);
      }
      this.refresh(card.dataset.job ?? "");
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      toast(word("failed_action", { reason: error.sentence }));
    } finally {
      event.submitter?.removeAttribute("aria-busy");
    }
  }
}

/** What is shown already is not fetched and decoded again. @param {HTMLElement} before @param {HTMLElement} after */
function keepPictures(before, after) {
  for (const image of after.querySelectorAll("img")) {
    const same = [...before.querySelectorAll("img")].find((one) => one.getAttribute("src") === image.getAttribute("src"));
    if (same && same.className === image.className) image.replaceWith(same);
  }
}

/** @param {string} words */
function announce(words) {
  part(document, "[data-announcer]").textContent = words;
}
