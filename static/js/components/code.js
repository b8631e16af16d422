/** A block of code: its language, Copy, and colours, which come later and never in the way of the text. */

import { clone, word } from "../lib/site.js";
import { safeHtml } from "./sanitise.js";
import { copyFrom } from "./copy.js";

const LONGEST = 60_000; // characters; beyond it colours cost more than they help
const LONGEST_LIVE = 8_000; // while it grows: longer code gets its colours at the end
const SHARE = 10; // at most a tenth of the time goes into colouring what still grows

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

export class CodeBlock {
  #text = "";
  #coloured = "";
  #language;
  #nextColouring = 0;

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
      if (text.startsWith(this.#text)) this.code.append(text.slice(this.#text.length));
      else this.code.textContent = text;
      this.#text = text;
    }
    this.#colour(done);
  }

  /** @param {boolean} done */
  #colour(done) {
    if (!this.#language || this.#text === this.#coloured) return;
    if (this.#text.length > (done ? LONGEST : LONGEST_LIVE)) {
      if (done && this.#coloured) this.code.textContent = this.#text; // better none than some
      return;
    }
    if (!colours?.getLanguage(this.#language)) {
      loadLanguage(this.#language).then((loaded) => loaded && this.#colour(done));
      return;
    }
    const started = performance.now();
    if (!done && started < this.#nextColouring) return;
    const { value } = colours.highlight(this.#text, { language: this.#language, ignoreIllegals: true });
    this.code.replaceChildren(safeHtml(value));
    this.#coloured = this.#text;
    this.#nextColouring = started + (performance.now() - started) * SHARE;
  }
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
