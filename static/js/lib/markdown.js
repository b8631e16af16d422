/** Markdown to HTML, block by block. Raw HTML is shown, never obeyed; the result still goes through a sanitiser. */

import MarkdownIt from "markdown-it";

import { footnotes } from "./footnotes.js";
import { math } from "./math.js";

/** @typedef {import("markdown-it").Token} Token */
/**
 * @typedef {object} Block
 * @property {number} start characters from the beginning of the text
 * @property {readonly number[]} outline the headings above it
 * @property {string} type the parser's name, such as "fence" or "paragraph_open"
 * @property {string} info of a fence: its language
 * @property {string} content of a fence: its code; of a table that is too long: its source
 * @property {boolean} closed of a fence: its end has come
 * @property {string} markup of a list: its marker
 * @property {boolean} loose of a list: its items are paragraphs
 * @property {number} lastPart of a list or a table: where its last item or row begins, in characters; 0 when it has one
 * @property {number} head of a table: where its rows begin
 * @property {number} moreRows of a table: rows that are not in its HTML, because there are too many
 * @property {() => string} html
 */
/** What a text's blocks share: the levels of the headings above them as written, and link definitions. */
/** @typedef {{ outline: readonly number[], references?: Record<string, any>, footnotes?: Map<string, string>, named?: boolean }} Env */

const PICTURE = /^(data:image\/(png|jpeg|gif|webp|avif);base64,|picture:(\d+)$)/i;
const TASK = /^\[([ xX])\]\s/;
const DEEPEST = 6;
const PAGE_LEVELS = 2; // the page's title, and whose message it is
export const MOST_ROWS = 1_000; // of a table; a browser lays out all of it for each that is added

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: false });
markdown.use(math);
markdown.use(footnotes);
markdown.linkify.set({ fuzzyEmail: false, fuzzyLink: false });

markdown.core.ruler.push("tasks", (state) => {
  state.tokens.forEach((token, index) => {
    const text = token.children?.[0];
    const item = state.tokens[index - 2];
    const task = token.type === "inline" && item?.type === "list_item_open" && TASK.exec(token.content);
    if (!task || text?.type !== "text") return;
    item.attrJoin("class", task[1] === " " ? "task" : "task task-done");
    text.content = text.content.slice(task[0].length);
  });
});

// The parser writes style attributes for the columns' sides, which the page's policy refuses.
markdown.core.ruler.push("columns", (state) => {
  for (const token of state.tokens) {
    const side = /text-align:(\w+)/.exec(String(token.attrGet("style") ?? ""))?.[1];
    if (side) token.attrs = [["data-side", side]];
  }
});

// A picture from elsewhere would tell its server that this was read: it becomes a link. Pictures in the text stay.
markdown.renderer.rules.image = (tokens, index, options, env, self) => {
  const token = /** @type {Token} */ (tokens[index]);
  const source = String(token.attrGet("src") ?? "");
  const alt = markdown.utils.escapeHtml(self.renderInlineAsText(token.children ?? [], options, env) || source);
  const address = markdown.utils.escapeHtml(source);
  const [, , , taken] = PICTURE.exec(source) ?? [];
  if (taken) return `<img data-picture="${taken}" alt="${alt}">`; // see lib/pictures.js
  return PICTURE.test(source) ? `<img src="${address}" alt="${alt}">` : `<a href="${address}">${alt}</a>`;
};

/**
 * The top-level blocks of a text, which may be the end of a longer one whose beginning left its trace in `env`.
 * @param {string} source
 * @param {Env} env
 * @returns {Block[]}
 */
export function blocks(source, env) {
  const starts = lineStarts(source);
  let outline = env.outline;
  return topLevel(markdown.parse(source, env)).map((group) => {
    const above = outline;
    outline = levelHeadings(group, above);
    return makeBlock(group, above, source, starts, env);
  });
}

/**
 * @param {Token[]} group
 * @param {readonly number[]} outline
 * @param {string} source
 * @param {number[]} starts
 * @param {Env} env
 * @returns {Block}
 */
function makeBlock(group, outline, source, starts, env) {
  const first = /** @type {Token} */ (group[0]);
  const at = (/** @type {Token | undefined} */ token) => starts[token?.map?.[0] ?? 0] ?? 0;
  const parts = partsOf(group);
  const { shown, moreRows } = withoutMostRows(group, parts);
  return {
    start: at(first),
    markup: first.markup,
    loose: group.some((token) => token.type === "paragraph_open" && token.level === first.level + 2 && !token.hidden),
    lastPart: parts.length > 1 ? at(parts.at(-1)) : 0,
    head: at(parts[0]),
    moreRows,
    outline,
    type: first.type,
    info: first.info.trim().split(/\s+/)[0] ?? "",
    content: moreRows ? source.slice(at(first), starts[first.map?.[1] ?? 0]) : first.content,
    closed: first.type !== "fence" || isClosed(source, starts, first),
    html: () => markdown.renderer.render(shown, markdown.options, env),
  };
}

/** The items of a list, the rows of a table without its head. @param {Token[]} group @returns {Token[]} */
function partsOf(group) {
  const [first] = group;
  if (first?.type === "table_open") return group.filter((token) => token.type === "tr_open" && token.level === first.level + 2).slice(1);
  return first?.type.endsWith("_list_open") ? group.filter((token) => token.type === "list_item_open" && token.level === first.level + 1) : [];
}

/** @param {Token[]} group @param {Token[]} parts */
function withoutMostRows(group, parts) {
  const cut = group[0]?.type === "table_open" ? parts[MOST_ROWS] : undefined;
  if (!cut) return { shown: group, moreRows: 0 };
  return { shown: [...group.slice(0, group.indexOf(cut)), ...group.slice(-2)], moreRows: parts.length - MOST_ROWS };
}

/** Give the headings of a block their levels on the page; returns the outline below it.
 * @param {Token[]} group @param {readonly number[]} above */
function levelHeadings(group, above) {
  let outline = above;
  for (const token of group) {
    if (token.type === "heading_open") outline = nextOutline(outline, Number(token.tag.slice(1)));
    if (token.type.startsWith("heading_")) token.tag = `h${Math.min(PAGE_LEVELS + outline.length, DEEPEST)}`;
  }
  return outline;
}

/**
 * The outline with one more heading, of which no level is left out whatever the model wrote.
 * @param {readonly number[]} outline @param {number} level as written
 */
export function nextOutline(outline, level) {
  const end = outline.findIndex((above) => above >= level);
  return [...(end < 0 ? outline : outline.slice(0, end)), level];
}

/**
 * Close what a text that is still growing has opened, so that bold text is bold before its end has come.
 * @param {string} source
 * @returns {string}
 */
export function mend(source) {
  const start = Math.max(source.lastIndexOf("\n\n"), 0);
  const block = source.slice(start);
  if (/^\s*(```|~~~|\$\$|\\\[)/m.test(block)) return source;
  const text = block.replace(/!?\[([^\]\n]*)\]\([^)\s]*$/, "$1");
  const outside = text.replace(/`+[^`]*`+/g, "");
  let tail = "";
  if (/`/.test(outside)) tail = /`[^`\s][^`]*$/.test(outside) ? "`" : "";
  else if ((outside.match(/\*\*/g)?.length ?? 0) % 2 === 1 && /\*\*[^\s*][^*]*$/.test(outside)) tail = /\s$/.test(text) ? "" : "**";
  return source.slice(0, start) + text + tail;
}

/** @param {Token[]} tokens @returns {Token[][]} */
function topLevel(tokens) {
  /** @type {Token[][]} */
  const groups = [];
  let depth = 0;
  for (const token of tokens) {
    if (depth === 0) groups.push([]);
    groups.at(-1)?.push(token);
    depth += token.nesting;
  }
  return groups;
}

/** Where each line begins, lines as the parser counts them. @param {string} source */
function lineStarts(source) {
  const starts = [0];
  for (const match of source.matchAll(/\r\n?|\n/g)) starts.push(match.index + match[0].length);
  return starts;
}

/** Whether a fence has its closing line. @param {string} source @param {number[]} starts @param {Token} fence */
function isClosed(source, starts, fence) {
  const [first, next] = fence.map ?? [0, 0];
  const last = source.slice(starts[next - 1], starts[next] ?? source.length).trim();
  return next - 1 > first && last.startsWith(fence.markup) && /^[`~]+$/.test(last);
}
