/** Footnotes in Markdown: `[^1]` in the text, `[^1]: …` where they are told. A markdown-it plugin.
 *
 * A note stands where it was written, usually at the end. A number is a mark as soon as it comes, so that it does not change
 * when its note follows; a word in such brackets is one only when there is a note of that name.
 */

/** @typedef {import("markdown-it").MarkdownIt} MarkdownIt */
/** @typedef {{ footnotes?: Map<string, string>, named?: boolean }} Env */

const DEFINITION = /^\[\^([^\]\s]{1,50})\]:[ \t]*/;
const MARK = /\[\^([^\]\s]{1,50})\](?!:)/y;
const NUMBER = /^\d{1,4}$/;
const INDENT = 4; // spaces, as for any block that goes on inside another

/** @param {MarkdownIt} markdown */
export function footnotes(markdown) {
  markdown.block.ruler.before("reference", "footnote", definition, { alt: ["paragraph", "reference"] });
  markdown.inline.ruler.before("link", "footnote_mark", mark);
  markdown.renderer.rules["footnote_open"] = (tokens, index) => {
    const { label, name } = /** @type {any} */ (tokens[index]).meta;
    return `<div class="footnote" data-note="${markdown.utils.escapeHtml(name)}" data-label="${label}">`;
  };
  markdown.renderer.rules["footnote_close"] = () => "</div>\n";
  markdown.renderer.rules["footnote_mark"] = (tokens, index) => {
    const { label, name } = /** @type {any} */ (tokens[index]).meta;
    return `<sup class="footnote-mark" data-note-mark="${markdown.utils.escapeHtml(name)}">${label}</sup>`;
  };
}

/** @param {any} state @param {number} first @param {number} last @param {boolean} silent */
function definition(state, first, last, silent) {
  if (state.sCount[first] - state.blkIndent >= INDENT) return false;
  const found = DEFINITION.exec(lineOf(state, first));
  if (!found) return false;
  if (silent) return true;
  const name = /** @type {string} */ (found[1]);
  const lines = [lineOf(state, first).slice(found[0].length)];
  let next = first + 1;
  for (; next < last; next += 1) {
    const blank = lineOf(state, next).trim() === "";
    const inside = state.sCount[next] - state.blkIndent >= INDENT;
    const goesOn = !blank && lines.at(-1) !== "" && !DEFINITION.test(lineOf(state, next)); // a paragraph's next line
    if (!blank && !inside && !goesOn) break;
    lines.push(blank ? "" : inside ? state.getLines(next, next + 1, state.blkIndent + INDENT, false) : lineOf(state, next));
  }
  while (lines.at(-1) === "" && lines.length > 1) {
    lines.pop();
    next -= 1;
  }
  const open = state.push("footnote_open", "div", 1);
  open.map = [first, next];
  open.meta = { name, label: labelOf(state.env, name) };
  if (!NUMBER.test(name)) state.env.named = true;
  state.md.block.parse(lines.join("\n"), state.md, state.env, state.tokens);
  state.push("footnote_close", "div", -1);
  state.line = next;
  return true;
}

/** @param {any} state @param {boolean} silent */
function mark(state, silent) {
  MARK.lastIndex = state.pos;
  const name = MARK.exec(state.src)?.[1];
  if (!name || !(NUMBER.test(name) || state.env.footnotes?.has(name))) return false;
  if (!silent) state.push("footnote_mark", "", 0).meta = { name, label: labelOf(state.env, name) };
  state.pos = MARK.lastIndex;
  return true;
}

/** The number of a note: its own, or for a word the next one. @param {Env} env @param {string} name */
function labelOf(env, name) {
  env.footnotes ??= new Map();
  const known = env.footnotes.get(name);
  if (known) return known;
  const label = NUMBER.test(name) ? name : String(env.footnotes.size + 1);
  env.footnotes.set(name, label);
  return label;
}

/** @param {any} state @param {number} line */
function lineOf(state, line) {
  return state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]);
}
