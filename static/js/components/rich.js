/** A message's text as rich text. While it grows, only its last block is drawn again, and of a long one only its end. */

import { endOfSentences } from "../lib/language.js";
import { blocks, mend } from "../lib/markdown.js";
import { takePictures } from "../lib/pictures.js";
import { CodeBlock } from "./code.js";
import { decorate, followNote, moreRowsNote } from "./decorate.js";
import { formulas, mayHaveFormulas } from "./formula.js";
import { Growing } from "./growing.js";
import { PlainText } from "./plain.js";
import { safeHtml } from "./sanitise.js";

/** @typedef {import("../lib/markdown.js").Block} Block */

const LONGEST = 200_000; // characters; what comes after them is shown as it was written
// Deeper than anybody writes. A browser lays out each level inside the one above.
const TOO_DEEP = /^(?:[ \t]{160}|[ \t]*(?:(?:[-*+>]|\d{1,9}[.)])[ \t]*){24})/m;
const CHEAP = 4; // milliseconds that drawing may take in every frame
const SHARE = 4; // beyond them, at most a fourth of the time goes into drawing

/** Resolves when all that this text needs has come, so that it is drawn in one go. @param {string} text */
export async function whenReady(text) {
  if (mayHaveFormulas(text)) await formulas();
}

export class RichText {
  #source = "";
  #text = ""; // what of it is drawn as Markdown
  #live = false;
  #overfull = false; // a table has more rows than are drawn: it says so once it is drawn anew
  #settled = 0; // characters whose blocks will not change any more
  /** @type {import("../lib/markdown.js").Env} */
  #env = { outline: [] };
  /** @type {readonly string[]} */
  #pictures = [];
  /** @type {Node[]} */
  #last = []; // the nodes of the last block
  /** @type {CodeBlock | PlainText | null} */
  #block = null; // the last block, when it is drawn by its own kind
  /** @type {Growing | null} */
  #growing = null; // the last block, when it is long
  /** @type {PlainText | null} */
  #rest = null;
  /** @type {Element | null} */
  #caret = null;
  #pauseUntil = 0;
  #told = 0; // characters of the last block that the listener has heard of
  #quiet = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;

  /**
   * @param {HTMLElement} element
   * @param {{ settled?: (text: string) => void, resized?: () => void }} [listener] `settled` hears each finished sentence
   */
  constructor(element, listener = {}) {
    this.element = element;
    this.listener = listener;
    this.chinese = /^zh-hant/i.test(document.documentElement.lang) ? "zh-Hant" : "zh";
    element.addEventListener("click", (event) => followNote(element, event));
  }

  /**
   * Show `source`, which is what was shown before and more, or something new. Drawing that is slow is done less often.
   * @param {string} source
   * @param {boolean} live more will come
   */
  show(source, live) {
    clearTimeout(this.#later);
    const pause = this.#pauseUntil - performance.now();
    if (live && this.#live && pause > 0) {
      this.#later = setTimeout(() => {
        this.show(source, live);
        this.listener.resized?.();
      }, pause);
      return;
    }
    const started = performance.now();
    this.#show(source, live);
    const spent = performance.now() - started;
    this.#pauseUntil = spent > CHEAP ? started + spent * SHARE : 0;
  }

  /** @param {string} source @param {boolean} live */
  #show(source, live) {
    const shown = this.element.hasAttribute("data-rendered");
    if (shown && source === this.#source && live === this.#live) return;
    const { text, pictures } = takePictures(source);
    const cut = cutOf(text);
    const rich = text.slice(0, cut);
    const goesOn = shown && this.#live && rich.startsWith(this.#text);
    this.#caret?.remove();
    if (!goesOn) this.#clear();
    this.#source = source;
    this.#text = rich;
    this.#pictures = pictures;
    this.#live = live;
    if (mayHaveFormulas(rich.slice(this.#settled))) formulas();
    this.#draw(live && cut === text.length);
    // What is defined below changes what is above: links, and notes with a name.
    if (!live && goesOn && (this.#overfull || this.#env.references || this.#env.named)) {
      this.#clear();
      this.#quiet = true; // all of it has been told
      this.#draw(false);
      this.#quiet = false;
    }
    if (cut < text.length) this.#showRest(text.slice(cut));
    this.element.toggleAttribute("data-live", live);
    if (live) this.element.setAttribute("data-grown", ""); // its lines stay as they are when it ends
  }

  #clear() {
    this.element.replaceChildren();
    this.element.setAttribute("data-rendered", "");
    this.#settled = this.#told = 0;
    this.#env = { outline: [], references: this.#env.references, footnotes: this.#env.footnotes };
    this.#last = [];
    this.#block = this.#growing = this.#rest = null;
    this.#overfull = false;
  }

  /** @param {boolean} live */
  #draw(live) {
    let found = this.#read(live);
    if (this.#growing && !this.#growing.takes(found[0])) {
      this.#settled = this.#growing.start;
      this.#removeLast();
      found = this.#read(live);
    }
    const base = this.#settled - (this.#growing?.prefix.length ?? 0);
    for (let index = 0; index < found.length; index += 1) {
      const [block, next] = [/** @type {Block} */ (found[index]), found[index + 1]];
      if (index === 0) this.#redraw(block, Boolean(next) || !live);
      else if (next && isText(block)) index += this.#appendMany(found, index) - 1;
      else this.#append(block, Boolean(next) || !live);
      if (index < found.length - 1) this.#tell(true);
    }
    const end = found.at(-1);
    if (end) this.#settle(end, base, live);
    else this.#removeLast();
    if (live) this.#placeCaret();
    if (end) this.#tell(!live);
  }

  /** What nobody has been told of the last block: words by sentence, code as a whole. @param {boolean} whole it has its end */
  #tell(whole) {
    if (!this.listener.settled || this.#quiet) return;
    const fresh = this.#last.map((node) => node.textContent ?? "").join(" ").slice(this.#told);
    const told = whole ? fresh.length : this.#block ? 0 : endOfSentences(fresh);
    if (told > 0) this.listener.settled(fresh.slice(0, told));
    this.#told = whole ? 0 : this.#told + told;
  }

  /** The blocks of what is not settled. @param {boolean} live @returns {Block[]} */
  #read(live) {
    const tail = (this.#growing?.prefix ?? "") + this.#text.slice(this.#settled);
    const deep = TOO_DEEP.exec(tail);
    if (!deep) return blocks(live ? mend(tail) : tail, this.#env);
    const cut = Math.max(tail.lastIndexOf("\n\n", deep.index), 0);
    return [...blocks(tail.slice(0, cut), this.#env), plainBlock(tail.slice(cut), cut)];
  }

  /** @param {Block} end the last block @param {number} base where what was read begins @param {boolean} live */
  #settle(end, base, live) {
    if (!this.#growing) {
      this.#settled = base + end.start;
      this.#env = { ...this.#env, outline: end.outline };
      if (live) this.#growing = Growing.begin(end, this.#settled, this.#text.slice(this.#settled), this.#last);
    }
    if (this.#growing) this.#settled = this.#growing.from;
  }

  /** @param {Block} block @param {boolean} done */
  #redraw(block, done) {
    if (this.#growing) {
      this.#growing.extend(block, this.#drawn(block), this.#text.slice(this.#settled));
      this.#overfull ||= this.#growing.full;
      return;
    }
    if (this.#block instanceof CodeBlock && block.type === "fence" && this.#block.info === block.info) {
      this.#block.show(block.content, done || block.closed);
      return;
    }
    if (this.#block instanceof PlainText && block.type === "plain") {
      this.#block.show(block.content);
      return;
    }
    this.#removeLast();
    this.#append(block, done);
  }

  /** @param {Block} block @param {boolean} done */
  #append(block, done) {
    this.#block = this.#growing = null;
    if (block.type === "fence" || block.type === "code_block") {
      this.#block = new CodeBlock(block.info);
      this.#block.show(block.content, done || block.closed);
    } else if (block.type === "plain") {
      this.#block = new PlainText();
      this.#block.show(block.content);
    }
    this.#last = this.#block ? [this.#block.element] : [...this.#drawn(block).childNodes];
    if (block.moreRows) this.#last.push(moreRowsNote(block.moreRows, block.content));
    this.element.append(...this.#last);
  }

  /** Blocks that will not change, in one go: a text may have thousands of them.
   * @param {Block[]} found @param {number} first @returns {number} how many they were, without the last of the text */
  #appendMany(found, first) {
    let end = first;
    while (end < found.length - 1 && isText(/** @type {Block} */ (found[end]))) end += 1;
    this.#block = this.#growing = null;
    this.#last = [...this.#drawn(...found.slice(first, end)).childNodes];
    this.element.append(...this.#last);
    return end - first;
  }

  /** @param {Block[]} found @returns {DocumentFragment} */
  #drawn(...found) {
    const fragment = safeHtml(found.map((block) => block.html()).join(""));
    decorate(fragment, { chinese: this.chinese, pictures: this.#pictures, resized: this.listener.resized });
    return fragment;
  }

  #removeLast() {
    for (const node of this.#last) node.parentNode?.removeChild(node);
    this.#last = [];
    this.#block = this.#growing = null;
  }

  /** @param {string} rest */
  #showRest(rest) {
    if (!this.#rest) {
      this.#rest = new PlainText();
      this.element.append(this.#rest.element);
    }
    this.#rest.show(rest);
  }

  /** A caret after the last character that is there. */
  #placeCaret() {
    this.#caret ??= Object.assign(document.createElement("span"), { className: "caret" });
    let place = this.element;
    while (place.lastElementChild && !place.lastElementChild.matches("br, img, math, .math, svg, button, figcaption, .plain")) {
      const child = /** @type {HTMLElement} */ (place.lastElementChild);
      const after = child.nextSibling;
      if (after && after.textContent?.trim()) break; // text goes on after the element
      place = child;
    }
    if (place.matches("hr, table, thead, tbody, tr, ul, ol")) place = this.element;
    place.append(this.#caret);
  }
}

/** Whether a block is nothing but its HTML. @param {Block} block */
function isText({ type, moreRows }) {
  return type !== "fence" && type !== "code_block" && type !== "plain" && !moreRows;
}

/** How much of a text is drawn as Markdown: all of it, or up to the last blank line that is not too far down.
 * @param {string} text */
function cutOf(text) {
  return text.length <= LONGEST ? text.length : Math.max(text.lastIndexOf("\n\n", LONGEST), 0);
}

/** @param {string} content @param {number} start @returns {Block} */
function plainBlock(content, start) {
  const nothing = { outline: [], info: "", markup: "", loose: false, lastPart: 0, head: 0, moreRows: 0 };
  return { ...nothing, type: "plain", start, content, closed: true, html: () => "" };
}
