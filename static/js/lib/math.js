/** Formulas in Markdown: $…$, $$…$$, \(…\) and \[…\] become tokens that carry their TeX. A markdown-it plugin. */

/** @typedef {import("markdown-it").MarkdownIt} MarkdownIt */

const FENCES = [
  { open: "$$", close: "$$", display: true },
  { open: "\\[", close: "\\]", display: true },
  { open: "\\(", close: "\\)", display: false },
  { open: "$", close: "$", display: false },
];

/** @param {MarkdownIt} markdown */
export function math(markdown) {
  markdown.inline.ruler.before("escape", "math", inlineMath);
  markdown.block.ruler.before("paragraph", "math_block", blockMath, { alt: ["paragraph", "blockquote", "list"] });
  const render = (/** @type {any[]} */ tokens, /** @type {number} */ index) => {
    const { block, content, meta } = tokens[index];
    const tag = block ? "div" : "span";
    const kind = meta.display ? "display" : "inline";
    return `<${tag} class="math" data-math="${kind}">${markdown.utils.escapeHtml(content)}</${tag}>`;
  };
  markdown.renderer.rules["math"] = render;
  markdown.renderer.rules["math_block"] = render;
}

/** @param {any} state @param {boolean} silent */
function inlineMath(state, silent) {
  const { src, pos, posMax } = state;
  const fence = FENCES.find(({ open }) => src.startsWith(open, pos));
  if (!fence) return false;
  const start = pos + fence.open.length;
  if (neverCloses(state, fence, start)) return false;
  const end = closing(src, start, posMax, fence);
  if (end < 0 && src.indexOf(fence.close, start) < 0) state.unclosed.set(fence.close, start);
  if (end < 0) return false;
  const tex = src.slice(start, end).trim();
  if (!tex) return false;
  if (!silent) {
    const token = state.push("math", "", 0);
    token.content = tex;
    token.meta = { display: fence.display };
  }
  state.pos = end + fence.close.length;
  return true;
}

/**
 * Where the formula that starts at `start` ends; -1 when it is none. A single dollar is often money: it opens only
 * before and closes only after something that is not a space, and never before a digit.
 * @param {string} src @param {number} start @param {number} max @param {{ close: string }} fence
 */
function closing(src, start, max, { close }) {
  const single = close === "$";
  if (single && /\s|^$/.test(src.charAt(start))) return -1;
  for (let end = src.indexOf(close, start); end >= 0 && end < max; end = src.indexOf(close, end + 1)) {
    if (escaped(src, end)) continue;
    if (!single) return end;
    if (src.slice(start, end).includes("\n\n")) return -1;
    if (/\s/.test(src.charAt(end - 1)) || /\d/.test(src.charAt(end + 1))) return -1;
    return end;
  }
  return -1;
}

/** @param {string} src @param {number} index */
function escaped(src, index) {
  let slashes = 0;
  while (src[index - 1 - slashes] === "\\") slashes += 1;
  return slashes % 2 === 1;
}

/** $$ or \[ at the start of a line, to its closing one; without a closing one yet it runs to the end of its text.
 * @param {any} state @param {number} first @param {number} last @param {boolean} silent */
function blockMath(state, first, last, silent) {
  const line = lineOf(state, first);
  const fence = FENCES.find(({ open, display }) => display && line.startsWith(open));
  if (!fence) return false;
  const rest = line.slice(fence.open.length);
  const sameLine = rest.trimEnd();
  if (sameLine.includes(fence.close)) {
    if (!sameLine.endsWith(fence.close)) return false; // text goes on after it: an inline formula
    return push(state, first, first + 1, sameLine.slice(0, -fence.close.length), silent);
  }
  if (neverCloses(state, fence, first)) return false;
  const lines = [rest];
  for (let next = first + 1; next < last; next += 1) {
    const text = lineOf(state, next);
    if (text.trim() && state.sCount[next] < state.blkIndent) break;
    const end = text.trimEnd();
    if (end.endsWith(fence.close)) return push(state, first, next + 1, [...lines, end.slice(0, -fence.close.length)].join("\n"), silent);
    if (end.includes(fence.close)) return false;
    lines.push(text);
  }
  if (lines.length === last - first) state.unclosed.set(fence.close, first);
  return false;
}

/** Whether it is known that no closing follows: looking for it at each opening would take for ever.
 * @param {any} state @param {{ close: string }} fence @param {number} from a place or a line */
function neverCloses(state, { close }, from) {
  state.unclosed ??= new Map();
  return from >= (state.unclosed.get(close) ?? Infinity);
}

/** @param {any} state @param {number} line */
function lineOf(state, line) {
  return state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]);
}

/** @param {any} state @param {number} first @param {number} next @param {string} content @param {boolean} silent */
function push(state, first, next, content, silent) {
  if (!content.trim()) return false;
  if (silent) return true;
  state.line = next;
  const token = state.push("math_block", "", 0);
  token.block = true;
  token.content = content.trim();
  token.meta = { display: true };
  token.map = [first, next];
  return true;
}
