/** A block of code: its language, Copy, and colours, which come later and never in the way of the text. */

import { cutCode, readCode } from "../lib/colours.js";
import { clone, word } from "../lib/site.js";
import { copyFrom } from "./copy.js";

const LONGEST = 60_000; // characters; beyond it colours cost more than they help
const LONGEST_LIVE = 8_000; // while it grows: longer code gets its colours at the end
const SHARE = 10; // at most a tenth of the time goes into colouring what still grows
const LINES = 40; // of code in one piece
const AT_ONCE = 5; // pieces that get their colours in one go
const STILL = 1_000; // milliseconds since the last key: reading long code takes a tenth of a second, in which no letter appears

/** What models call a language -> the name of its file. */
const ALIASES = new Map(Object.entries({
  "c++": "cpp", "c#": "csharp", cs: "csharp", docker: "dockerfile", golang: "go", html: "xml", htm: "xml", svg: "xml",
  js: "javascript", jsx: "javascript", mjs: "javascript", node: "javascript", jl: "julia", kt: "kotlin", tex: "latex",
  make: "makefile", md: "markdown", ps1: "powershell", pwsh: "powershell", py: "python", python3: "python",
  rb: "ruby", rs: "rust", sh: "bash", zsh: "bash", console: "shell", ts: "typescript", tsx: "typescript",
  toml: "ini", conf: "ini", patch: "diff", yml: "yaml", postgresql: "sql", mysql: "sql", sqlite: "sql", jsonc: "json",
}));

/** @type {Map<string, Promise<typeof import("highlight.js").default | null>>} */
const languages = new Map();
/** @type {typeof import("highlight.js").default | null} */
let colours = null;
let lastKey = -STILL;
document.addEventListener("keydown", () => { lastKey = performance.now(); }, { capture: true, passive: true });

export class CodeBlock {
  #text = "";
  #coloured = "";
  #language;
  #nextColouring = 0;
  /** So many lines each: what a browser lays out again when code grows or gets its colours.
   * @type {{ element: HTMLElement, html: string | null, lines: number }[]} */
  #pieces = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;

  /** @param {string} info the language as the model wrote it */
  constructor(info) {
    this.element = /** @type {HTMLElement} */ (clone("code"));
    this.info = info;
    this.#language = fileFor(info);
    this.code = /** @type {HTMLElement} */ (this.element.querySelector("code"));
    const name = /** @type {HTMLElement} */ (this.element.querySelector("[data-language]"));
    name.textContent = info || word("code");
    copyFrom(/** @type {HTMLElement} */ (this.element.querySelector("[data-copy]")), () => this.#text);
    const wrap = /** @type {HTMLElement} */ (this.element.querySelector("[data-wrap]"));
    wrap.addEventListener("click", () => {
      wrap.setAttribute("aria-pressed", String(this.element.toggleAttribute("data-wrapped")));
    });
  }

  /**
   * @param {string} text the whole code so far
   * @param {boolean} done no more will come
   */
  show(text, done) {
    if (text !== this.#text) {
      if (!text.startsWith(this.#text)) this.#clear();
      this.#append(text.slice(this.#text.length));
      this.#text = text;
    }
    this.#colour(done);
  }

  #clear() {
    this.code.replaceChildren();
    this.#pieces = [];
    this.#text = this.#coloured = "";
  }

  /** @param {string} more */
  #append(more) {
    for (const line of more.match(/[^\n]*\n|[^\n]+/g) ?? []) {
      const last = this.#pieces.at(-1);
      const piece = last && last.lines < LINES ? last : this.#addPiece();
      piece.element.append(line);
      piece.html = null;
      if (line.endsWith("\n")) piece.lines += 1;
    }
  }

  #addPiece() {
    const piece = { element: document.createElement("span"), html: null, lines: 0 };
    piece.element.className = "code-piece";
    this.code.append(piece.element);
    this.#pieces.push(piece);
    return piece;
  }

  /** @param {boolean} done */
  #colour(done) {
    if (!this.#language || this.#text === this.#coloured) return;
    if (this.#text.length > (done ? LONGEST : LONGEST_LIVE)) {
      if (done && this.#coloured) this.#uncolour();
      return;
    }
    if (!colours?.getLanguage(this.#language)) {
      loadLanguage(this.#language).then((loaded) => loaded && this.#colour(done));
      return;
    }
    const started = performance.now();
    if (!done && started < this.#nextColouring) return;
    if (this.#text.length > LONGEST_LIVE && started < lastKey + STILL) {
      clearTimeout(this.#later);
      this.#later = setTimeout(() => this.#colour(done), lastKey + STILL - started);
      return;
    }
    const { value } = colours.highlight(this.#text, { language: this.#language, ignoreIllegals: true });
    this.#coloured = this.#text;
    this.#show(cutCode(value, LINES));
    this.#nextColouring = started + (performance.now() - started) * SHARE;
  }

  /** Better none than some. */
  #uncolour() {
    const text = this.#text;
    this.#clear();
    this.#append(text);
    this.#text = text;
  }

  /** Colours for what has none yet or others, the end first; of much code the rest comes in further helpings.
   * @param {string[]} pieces */
  #show(pieces) {
    clearTimeout(this.#later);
    let drawn = 0;
    for (let index = pieces.length - 1; index >= 0; index -= 1) {
      const [piece, html] = [this.#pieces[index], /** @type {string} */ (pieces[index])];
      if (!piece || piece.html === html) continue;
      if (drawn === AT_ONCE) {
        this.#later = setTimeout(() => this.#text === this.#coloured && this.#show(pieces));
        return;
      }
      piece.element.replaceChildren(coloured(html));
      piece.html = html;
      drawn += 1;
    }
  }
}

/** No string becomes markup here: spans with a class, and text. @param {string} html */
function coloured(html) {
  const root = document.createDocumentFragment();
  /** @type {Node[]} */
  const open = [root];
  for (const part of readCode(html)) {
    if (part === null) open.pop();
    else if ("text" in part) open.at(-1)?.appendChild(document.createTextNode(part.text));
    else open.push(/** @type {Node} */ (open.at(-1)).appendChild(Object.assign(document.createElement("span"), { className: part.open })));
  }
  return root;
}

/** @param {string} info @returns {string} a language that can be loaded, or "" */
function fileFor(info) {
  const name = info.toLowerCase();
  return ALIASES.get(name) ?? (/^[a-z]+$/.test(name) ? name : "");
}

/** @param {string} name */
function loadLanguage(name) {
  const known = languages.get(name);
  if (known) return known;
  const loading = Promise.all([import("highlight.js"), import(`highlight.js/${name}.js`)]).then(
    ([core, language]) => {
      core.default.registerLanguage(name, language.default);
      colours = core.default;
      return colours;
    },
    () => null, // not among those that are served: shown without colours
  );
  languages.set(name, loading);
  return loading;
}
