/** One message of the thread: its element, from the server or from a template, and what changes about it. */

import { factText, moment, noticeKind, secondsUntil, writer } from "../lib/answers.js";
import { clone, part, word } from "../lib/site.js";
import { isLive, textOf } from "../models/events.js";
import { announce } from "./announcer.js";
import { copyFrom } from "./copy.js";
import { showNotice } from "./notices.js";

/** @typedef {import("../models/events.js").Message} Message */
/** @typedef {import("../models/events.js").Run} Run */
/** @typedef {typeof import("./rich.js")} Rich */

/** @type {Promise<Rich> | null} */
let rich = null;

/** Rich text comes with the first answer; until then, and without it, the text stands there as it was written. */
export function loadRich() {
  rich ??= import("./rich.js");
  return rich;
}

export class MessageView {
  /** @type {Message | null} */
  message = null;
  /** @type {Run | null} */
  #run = null;
  /** @type {import("./rich.js").RichText | null} */
  #text = null;
  /** @type {import("./rich.js").RichText | null} */
  #reasoning = null;
  #began = 0;
  #watched = false;
  quiet = false; // one of several that grow side by side: a reader of the screen hears the first
  #footShown = false;
  #thinkingSince = 0;
  #thought = 0; // seconds, as seen from here
  /** @type {Map<string, HTMLElement>} */
  #parts = new Map();

  /**
   * @param {HTMLElement} element
   * @param {{ resized?: () => void }} listener
   */
  constructor(element, listener = {}) {
    this.element = element;
    this.listener = listener;
    element.querySelector("[data-reasoning-fold]")?.addEventListener("toggle", () => this.#showReasoning());
    element.querySelector("[data-more]")?.addEventListener("toggle", () => this.#showBehind());
    const copy = element.querySelector("[data-copy-message]");
    if (copy) copyFrom(/** @type {HTMLElement} */ (copy), () => (this.message ? textOf(this.message) : this.shownText()));
  }

  /** @param {Message} message @param {{ resized?: () => void }} listener */
  static make(message, listener) {
    const view = new MessageView(clone(message.role === "assistant" ? "answer" : "question"), listener);
    if (message.role === "assistant") loadRich();
    return view;
  }

  /** What the server wrote into the page. */
  shownText() {
    return this.element.querySelector("[data-text]")?.textContent ?? "";
  }

  /** Turn what the server wrote into rich text, before a socket has said anything. */
  async enrich() {
    if (this.message || this.element.dataset.role !== "assistant") return;
    const { RichText, whenReady } = await loadRich().catch(() => ({ RichText: null, whenReady: null }));
    if (!RichText) return;
    await whenReady(this.shownText());
    if (this.message) return;
    for (const name of /** @type {const} */ (["text", "reasoning"])) {
      const place = /** @type {HTMLElement | null} */ (this.element.querySelector(`[data-${name}]`));
      if (!place?.textContent) continue;
      const live = isLive(/** @type {any} */ (this.element.dataset.status));
      const shown = new RichText(place, this.#richListener());
      shown.show(place.textContent, name === "text" && live);
      if (name === "text") this.#text = shown;
      else this.#reasoning = shown;
    }
    this.listener.resized?.();
  }

  /**
   * @param {Message} message
   * @param {Run | null} run its live run
   */
  show(message, run) {
    if (message === this.message && run === this.#run) return;
    const before = this.message;
    this.message = message;
    this.#run = run;
    const { element } = this;
    element.dataset.id = message.id;
    element.dataset.status = message.status;
    element.id = `m-${message.id}`;
    if (message.role === "assistant") this.#showAnswer(message, run, before);
    else this.#showQuestion(message);
  }

  /** The line under a growing answer. Called once a second as well. */
  tick() {
    if (!this.message || !isLive(this.message.status)) return;
    say(this.#part("[data-progress]"), this.#progress(this.message));
  }

  /** A part of the answer, looked for once: most of them stand behind a text that may be long. @param {string} selector */
  #part(selector) {
    const found = this.#parts.get(selector) ?? part(this.element, selector);
    this.#parts.set(selector, found);
    return found;
  }

  /** @param {Message} message */
  #showQuestion(message) {
    this.#part("[data-text]").textContent = textOf(message);
    if (message.parts.some(({ file }) => file)) import("./attached.js").then(({ showAttached }) => showAttached(this.element, message.parts));
    const edit = /** @type {HTMLAnchorElement | null} */ (this.element.querySelector("[data-edit]"));
    if (edit) edit.href = `?edit=${message.id}#m-${message.id}`;
  }

  /** @param {Message} message @param {Run | null} run @param {Message | null} before */
  #showAnswer(message, run, before) {
    const live = isLive(message.status);
    const { element } = this;
    if (live && (!before || !isLive(before.status))) this.#start(before !== null);
    element.toggleAttribute("data-running", live);
    element.setAttribute("aria-busy", String(live));
    this.#showText(message, live);
    this.#showFoot(message, live);
    showNotice(this.#part("[data-notices]"), message, run);
    this.tick();
    if (!live && before && isLive(before.status)) this.#end(message);
  }

  /** @param {boolean} again the same answer goes on */
  #start(again) {
    this.#began = performance.now();
    this.#watched = !this.quiet;
    if (!again && !this.quiet) announce(word("answer_started"));
  }

  /** @param {Message} message */
  #end(message) {
    const kind = noticeKind(message);
    if (!kind && !this.quiet) announce(word("answer_finished"));
    this.#watched = false;
  }

  /** @param {Message} message @param {boolean} live */
  async #showText(message, live) {
    const text = textOf(message);
    const reasoning = textOf(message, "reasoning");
    const fold = this.#part("[data-reasoning-fold]");
    fold.hidden = reasoning === "";
    fold.toggleAttribute("data-thinking", live && text === "");
    this.#timeThoughts(reasoning !== "", live && text === "");
    say(this.#part("[data-reasoning-name]"), this.#thoughts(message, live && text === ""));
    const waiting = live && text === "" && reasoning === "";
    this.#part("[data-waiting]").hidden = !waiting;
    if (!this.#text) {
      this.#part("[data-text]").textContent = text;
      await this.#makeRich();
      if (message !== this.message) return; // a later state has been shown meanwhile
    }
    this.#text?.show(text, live && text !== "");
    this.#showReasoning();
    this.listener.resized?.();
  }

  /** @param {boolean} some @param {boolean} thinking */
  #timeThoughts(some, thinking) {
    if (some && thinking) this.#thinkingSince ||= performance.now();
    else if (this.#thinkingSince) {
      this.#thought = Math.round((performance.now() - this.#thinkingSince) / 1000);
      this.#thinkingSince = 0;
    }
  }

  /** "Thought for 12 s · 412 tokens", as far as it is known. @param {Message} message @param {boolean} thinking */
  #thoughts(message, thinking) {
    if (thinking) return word("thinking");
    const seconds = message.parts.find((one) => one.type === "reasoning")?.seconds || this.#thought;
    const tokens = message.usage?.reasoning_tokens;
    const what = seconds ? word("thought_for", { seconds: number(seconds) }) : word("thoughts");
    return tokens ? `${what} · ${word("tokens", { tokens: number(tokens) })}` : what;
  }

  /** Only while somebody looks: a model may think for pages. */
  #showReasoning() {
    const fold = /** @type {HTMLDetailsElement} */ (this.#part("[data-reasoning-fold]"));
    if (!fold.open || !this.message) return;
    this.#reasoning?.show(textOf(this.message, "reasoning"), isLive(this.message.status) && textOf(this.message) === "");
  }

  /** What happened, while somebody looks. */
  async #showBehind() {
    const slip = /** @type {HTMLDetailsElement} */ (this.#part("[data-more]"));
    const { id, run } = this.message ?? { id: this.element.dataset.id ?? "", run: "" };
    if (!slip.open || !id) return;
    const { showBehind } = await import("./behind.js");
    showBehind(slip, id, run ?? "");
  }

  async #makeRich() {
    try {
      const { RichText } = await loadRich();
      this.#text ??= new RichText(this.#part("[data-text]"), this.#richListener());
      this.#reasoning ??= new RichText(this.#part("[data-reasoning]"));
    } catch {
      // without the libraries the text stands there as it was written
    }
  }

  #richListener() {
    return {
      settled: (/** @type {string} */ text) => this.#watched && announce(text),
      resized: () => this.listener.resized?.(),
    };
  }

  /** @param {Message} message @param {boolean} live */
  #showFoot(message, live) {
    this.#part("[data-tools]").hidden = live;
    this.#part("[data-progress]").hidden = !live;
    if (live && this.#footShown) return; // nothing of the rest changes while it grows
    this.#footShown = live;
    this.#part("[data-model]").textContent = writer(message, word);
    const again = /** @type {HTMLButtonElement} */ (this.#part("[data-tools] [data-act='regenerate']"));
    again.formAction = `/messages/${message.id}/regenerate/`;
    const usage = this.#part("[data-usage]");
    usage.textContent = usageLine(message);
    this.element.dataset.costMarks = (message.cost_marks ?? []).join(" ");
    this.element.dataset.cost = String(message.cost ?? ""); // money.js says it, where money is shown
    this.#part("[data-more]").hidden = live || !message.run; // one that a person wrote asked nobody
    if (!live) this.#showBehind();
    /** @type {HTMLAnchorElement} */ (this.#part("[data-request]")).href = `/messages/${message.id}/request/`;
    const limits = factText("rate_limits", message.usage?.rate_limits);
    this.#part("[data-limits]").hidden = limits === "";
    this.#part("[data-limit-lines]").textContent = limits;
    const leftOut = (message.left_out ?? []).join(", ");
    this.#part("[data-left-out]").hidden = leftOut === "";
    this.#part("[data-left-out-names]").textContent = leftOut;
    const time = /** @type {HTMLTimeElement} */ (this.#part("time"));
    time.dateTime = message.created_at;
    time.title = moment(message.created_at, document.documentElement.lang);
  }

  /** @param {Message} message */
  #progress(message) {
    const run = this.#run;
    if (run?.retry_at) {
      const seconds = secondsUntil(run.retry_at, Date.now());
      return word("retrying", { seconds, attempt: run.attempt });
    }
    const seconds = this.#began ? Math.floor((performance.now() - this.#began) / 1000) : 0;
    const doing = word(textOf(message) ? "writing" : textOf(message, "reasoning") ? "thinking" : "asked");
    return seconds >= 2 ? `${doing} · ${word("seconds", { seconds })}` : doing;
  }
}

/** Only what is new: each new text is laid out. @param {HTMLElement} place @param {string} words */
function say(place, words) {
  if (place.textContent !== words) place.textContent = words;
}

/** @param {Message} message */
function usageLine(message) {
  const { prompt_tokens, completion_tokens } = message.usage ?? {};
  if (prompt_tokens == null || completion_tokens == null) return "";
  return word("usage", { prompt: number(prompt_tokens), completion: number(completion_tokens) });
}

/** @param {number} value */
function number(value) {
  return new Intl.NumberFormat(document.documentElement.lang).format(value);
}
