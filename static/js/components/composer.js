/** The composer: grows, keeps its draft, sends on Enter but never while an input method is composing. */

import { keep, part, read, readJson } from "../lib/site.js";

/** @typedef {import("../models/sender.js").Target} Target */
/** @typedef {import("../models/attachments.js").Chosen} Chosen */

const KEEP_AFTER = 300; // milliseconds of rest before the draft is stored

export class Composer {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #keeping;
  /** Who answers the same, side by side. @type {import("../models/sender.js").Model[]} */
  #also = [];
  /** What is attached comes with the first file. @type {Promise<import("./attaching.js").Attaching> | null} */
  #attaching = null;
  /** @type {import("./attaching.js").Attaching | null} */
  #attached = null;
  #thumbs = matchMedia("(hover: none) and (pointer: coarse)"); // their keyboards have no Shift Enter: Enter is a new line
  #grows = !CSS.supports("field-sizing", "content");

  /**
   * @param {HTMLFormElement} form
   * @param {{ send: (text: string, target: Target, files: Chosen[]) => void, stop: (url: string) => void, editLast: () => void, resized: () => void }} listener
   * @param {string} draftKey
   */
  constructor(form, listener, draftKey) {
    this.form = form;
    this.listener = listener;
    this.draftKey = draftKey;
    this.field = /** @type {HTMLTextAreaElement} */ (part(form, "textarea"));
    this.sendButton = /** @type {HTMLButtonElement} */ (part(form, "[data-send]"));
    this.stopButton = /** @type {HTMLButtonElement} */ (part(form, "[data-stop]"));
    this.model = /** @type {HTMLInputElement} */ (part(form, "[data-model-choice]"));
    this.modelButton = part(form, "[data-model-button]");
    this.modelButton.addEventListener("click", () => this.pick(this.modelButton));
    this.aloneButton = part(form, "[data-alone]");
    this.aloneButton.addEventListener("click", () => {
      this.choose({ ...this.target, also: [] });
      this.modelButton.focus();
    });
    const attach = part(form, "[data-attach]");
    attach.addEventListener("click", () => this.attach((attaching) => attaching.ask(attach)));
    this.field.addEventListener("paste", (event) => this.#take(event, event.clipboardData));
    hearDrops(form, (event) => this.#take(event, event.dataTransfer));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    // Stop belongs to another form (it must work without scripts), so that it submits nothing here.
    this.stopButton.addEventListener("click", (event) => {
      event.preventDefault();
      this.listener.stop(this.stopButton.formAction);
    });
    this.field.addEventListener("input", () => this.#changed());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.required = false; // a script says it better than the browser's bubble
    this.#restore();
  }

  get text() {
    return this.field.value;
  }

  /** @returns {Target} */
  get target() {
    const { provider } = this.model.dataset;
    return { ...(provider && { provider }), ...(this.model.value && { model_id: this.model.value }), ...(this.#also.length && { also: this.#also }) };
  }

  /** The model of what comes next; until something is sent to it, a reload keeps it. @param {Target} target */
  choose(target) {
    keep(this.#targetKey, JSON.stringify(target));
    this.model.value = target.model_id ?? "";
    this.model.dataset.provider = target.provider ?? "";
    this.#also = target.also ?? [];
    this.model.dataset.also = JSON.stringify(this.#also);
    part(this.modelButton, "[data-model-name]").textContent = [target, ...this.#also].map(({ model_id = "" }) => model_id).join(" + ");
    this.aloneButton.hidden = this.#also.length === 0;
    dispatchEvent(new CustomEvent("chatsite:model"));
  }

  /** Ask for a model. One that is to answer beside the others joins them.
   * @param {HTMLElement} anchor @param {(target: Target) => void} [chosen] */
  async pick(anchor, chosen) {
    const { pick } = await import("./picker.js");
    pick(anchor, this.target, (target) => {
      const { beside, ...model } = target;
      if (!beside) this.choose(target);
      else if (!chosen) this.choose({ ...this.target, also: [...this.#also, model] });
      chosen?.(target);
    });
  }

  get #targetKey() {
    return `${this.draftKey}.target`;
  }

  /** Put words into the field, after what is there. @param {string} text */
  write(text) {
    this.field.value = this.field.value ? `${this.field.value}\n\n${text}` : text;
    this.#changed();
    this.field.focus();
    this.field.setSelectionRange(this.field.value.length, this.field.value.length);
  }

  /** @param {(attaching: import("./attaching.js").Attaching) => void} use what is attached, once it is there */
  async attach(use) {
    this.#attaching ??= import("./attaching.js").then(({ attachTo }) => attachTo(this));
    try {
      use((this.#attached = await this.#attaching));
    } catch {
      this.#attaching = null; // the line is away: the next click tries again
    }
  }

  /** What is attached has changed. */
  attached() {
    const files = this.#attached?.files ?? [];
    keep(this.#filesKey, files.length ? JSON.stringify(files) : "");
    this.#changed();
  }

  /** Tokens of what is sent beside the files, about. */
  otherTokens() {
    return Math.ceil(((this.form.closest("[data-chat]")?.querySelector("[data-thread]")?.textContent?.length ?? 0) + this.text.length) / 4);
  }

  /** Files that were pasted or dropped; what else there is, the browser takes. @param {Event} event @param {DataTransfer | null} data */
  #take(event, data) {
    const files = [...(data?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    this.attach((attaching) => attaching.upload(files));
  }

  get #filesKey() {
    return `${this.draftKey}.files`;
  }

  /** Nothing was lost: the question is shown above now. */
  clear() {
    this.field.value = "";
    keep(this.#filesKey, "");
    this.#attached?.clear();
    keep(this.#targetKey, "");
    this.#changed();
  }

  /** Keep the draft under another name from now on. @param {string} key */
  rename(key) {
    keep(this.draftKey, "");
    keep(this.#filesKey, "");
    this.draftKey = key;
  }

  /**
   * @param {string[]} stops where to stop what is being written: Stop stands where Send was, unless there is something to send
   */
  showBusy([stop = "", ...others]) {
    const busy = this.busy = stop !== "";
    if (busy) this.stopButton.formAction = stop;
    const words = (others.length ? this.stopButton.dataset.all : this.stopButton.dataset.one) ?? "";
    if (this.stopButton.title !== words) this.stopButton.title = this.stopButton.ariaLabel = words;
    this.field.placeholder = (busy ? this.field.dataset.queue : this.field.dataset.hint) ?? "";
    this.#showButtons();
  }

  focus() {
    this.field.focus();
  }

  #restore() {
    if (!this.field.value) this.field.value = read(this.draftKey) ?? "";
    const target = /** @type {Target | null} */ (readJson(this.#targetKey, null));
    if (target) this.choose(target);
    const files = /** @type {Chosen[]} */ (readJson(this.#filesKey, []));
    if (files.length) this.attach((attaching) => attaching.restore(files));
    const { files: named } = this.form.dataset;
    if (named) this.attach((attaching) => attaching.name(named));
    this.#changed();
    addEventListener("pagehide", () => keep(this.draftKey, this.field.value));
  }

  #send() {
    const text = this.field.value;
    if (!this.#sendable) return;
    this.listener.send(text, this.target, this.#attached?.files ?? []);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // While an input method composes, Enter takes the word; 229 is what older Safari says of that very Enter.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && !this.#thumbs.matches) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "ArrowUp" && this.field.value === "") {
      event.preventDefault();
      this.listener.editLast();
    }
  }

  #changed() {
    if (this.#grows) this.#grow();
    this.#showButtons();
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => keep(this.draftKey, this.field.value), KEEP_AFTER);
    this.listener.resized();
  }

  /** There is something, and all of it is there. */
  get #sendable() {
    const { count = 0, hindered = false } = this.#attached ?? {};
    return !hindered && (count > 0 || this.field.value.trim() !== "");
  }

  #showButtons() {
    const something = this.field.value.trim() !== "" || Boolean(this.#attached?.count);
    const stops = Boolean(this.busy) && !something;
    const focused = document.activeElement;
    this.stopButton.hidden = !stops;
    this.sendButton.hidden = stops;
    this.sendButton.setAttribute("aria-disabled", String(!this.#sendable));
    // The button under the finger changed: focus goes with it.
    if (focused === this.stopButton && this.stopButton.hidden) this.field.focus();
  }
  busy = false;

  #grow() {
    requestAnimationFrame(() => {
      this.field.style.blockSize = "auto";
      this.field.style.blockSize = `${this.field.scrollHeight}px`;
    });
  }
}

/** Files may be dropped anywhere on the page. @param {HTMLElement} form @param {(event: DragEvent) => void} dropped */
function hearDrops(form, dropped) {
  /** @param {DragEvent} event */
  const over = (event) => {
    const files = event.dataTransfer?.types.includes("Files") ?? false;
    if (files) event.preventDefault();
    form.toggleAttribute("data-dropping", files && event.type === "dragover");
  };
  for (const type of /** @type {const} */ (["dragover", "dragleave", "drop"])) addEventListener(type, over);
  addEventListener("drop", dropped);
}
