/** A message's text as rich text. While it grows, only its last block is drawn again. */

import { directionOf, languageOf } from "../lib/language.js";
import { blocks, mend } from "../lib/markdown.js";
import { clone, word } from "../lib/site.js";
import { CodeBlock } from "./code.js";
import { drawFormulas } from "./formula.js";
import { safeHtml } from "./sanitise.js";

/** @typedef {import("../lib/markdown.js").Block} Block */

export class RichText {
  #source = "";
  #live = false;
  #settled = 0; // characters whose blocks will not change any more
  /** @type {import("../lib/markdown.js").Env} */
  #env = { outline: [] };
  /** @type {Node[]} */
  #last = []; // the nodes of the last block
  /** @type {CodeBlock | null} */
  #code = null; // the last block, when it is code

  /**
   * @param {HTMLElement} element
   * @param {{ settled?: (text: string) => void, resized?: () => void }} [listener] `settled` hears each finished block
   */
  constructor(element, listener = {}) {
    this.element = element;
    this.listener = listener;
    this.chinese = /^zh-hant/i.test(document.documentElement.lang) ? "zh-Hant" : "zh";
  }

  /**
   * Show `source`, which is what was shown before and more, or something new.
   * @param {string} source
   * @param {boolean} live more will come
   */
  show(source, live) {
    const shown = this.element.hasAttribute("data-rendered");
    if (shown && source === this.#source && live === this.#live) return;
    const goesOn = shown && this.#live && source.startsWith(this.#source);
    if (!goesOn) this.#clear();
    this.#source = source;
    this.#live = live;
    if (!live && this.#env.references) this.#clear(); // a link defined below changes what is above
    this.#draw();
    this.element.toggleAttribute("data-live", live);
  }

  #clear() {
    this.element.replaceChildren();
    this.element.setAttribute("data-rendered", "");
    this.#settled = 0;
    this.#env = { outline: [], references: this.#env.references };
    this.#last = [];
    this.#code = null;
  }

  #draw() {
    const tail = this.#source.slice(this.#settled);
    const found = blocks(this.#live ? mend(tail) : tail, this.#env);
    this.element.querySelector(".caret")?.remove();
    found.forEach((block, index) => {
      const last = index === found.length - 1;
      if (index === 0) this.#redraw(block, !last || !this.#live);
      else this.#append(block, !last || !this.#live);
      if (!last) this.listener.settled?.(this.#textOfLast());
    });
    const end = found.at(-1);
    if (end) {
      this.#settled += end.start;
      this.#env = { ...this.#env, outline: end.outline };
    } else this.#removeLast();
    if (this.#live) placeCaret(this.element);
    else if (end) this.listener.settled?.(this.#textOfLast());
  }

  /** @param {Block} block @param {boolean} done */
  #redraw(block, done) {
    if (this.#code && block.type === "fence" && this.#code.info === block.info) {
      this.#code.show(block.content, done || block.closed);
      return;
    }
    this.#removeLast();
    this.#append(block, done);
  }

  /** @param {Block} block @param {boolean} done */
  #append(block, done) {
    if (block.type === "fence" || block.type === "code_block") {
      this.#code = new CodeBlock(block.info);
      this.#code.show(block.content, done || block.closed);
      this.#last = [this.#code.element];
    } else {
      this.#code = null;
      const fragment = safeHtml(block.html());
      decorate(fragment, this.chinese, this.listener.resized);
      this.#last = [...fragment.childNodes];
    }
    this.element.append(...this.#last);
  }

  #removeLast() {
    for (const node of this.#last) node.parentNode?.removeChild(node);
    this.#last = [];
    this.#code = null;
  }

  #textOfLast() {
    return this.#last.map((node) => node.textContent ?? "").join(" ").trim();
  }
}

/**
 * Give rendered Markdown what it cannot say itself.
 * @param {DocumentFragment} fragment
 * @param {string} chinese
 * @param {(() => void) | undefined} resized
 */
function decorate(fragment, chinese, resized) {
  for (const block of fragment.querySelectorAll("p, li, h3, h4, h5, h6, td, th")) {
    if (block.tagName !== "LI") block.setAttribute("dir", "auto");
    const language = languageOf(block.textContent ?? "", chinese);
    if (language) block.setAttribute("lang", language);
  }
  // dir="auto" does not look into children that have a direction of their own.
  for (const block of fragment.querySelectorAll("ul, ol, blockquote, table")) block.setAttribute("dir", directionOf(block.textContent ?? ""));
  for (const link of fragment.querySelectorAll("a[href]")) leadOut(link);
  for (const item of fragment.querySelectorAll("li.task")) markTask(item);
  for (const table of fragment.querySelectorAll("table")) frameTable(table);
  for (const code of fragment.querySelectorAll("pre > code")) frameCode(code);
  for (const picture of fragment.querySelectorAll("img")) {
    picture.setAttribute("decoding", "async");
    picture.addEventListener("load", () => resized?.());
  }
  drawFormulas(fragment, resized);
}

/** A link leads to the web, in a tab of its own. A relative one would lead into this site, where a model knows nothing.
 * @param {Element} link */
function leadOut(link) {
  if (!/^(https?|mailto|tel):/i.test(link.getAttribute("href") ?? "")) {
    link.removeAttribute("href");
    return;
  }
  link.setAttribute("target", "_blank");
  link.setAttribute("rel", "noopener noreferrer nofollow");
}

/** @param {Element} item */
function markTask(item) {
  const said = document.createElement("span");
  said.className = "unseen";
  said.textContent = word(item.classList.contains("task-done") ? "task_done" : "task_open");
  item.prepend(said);
}

/** @param {Element} table a wide one scrolls by itself */
function frameTable(table) {
  const frame = clone("table");
  table.replaceWith(frame);
  frame.append(table);
}

/** Code inside a list or a quote. @param {Element} code */
function frameCode(code) {
  const language = /language-(\S+)/.exec(code.className)?.[1] ?? "";
  const block = new CodeBlock(language);
  block.show(code.textContent ?? "", true);
  code.parentElement?.replaceWith(block.element);
}

/** A caret after the last character that is there. @param {Element} element */
function placeCaret(element) {
  const caret = document.createElement("span");
  caret.className = "caret";
  let place = element;
  while (place.lastElementChild && !place.lastElementChild.matches("br, img, math, .math, svg, button, figcaption")) {
    const child = place.lastElementChild;
    const after = child.nextSibling;
    if (after && after.textContent?.trim()) break; // text goes on after the element
    place = child;
  }
  if (place.matches("hr, table, thead, tbody, tr, ul, ol")) place = element;
  place.append(caret);
}
