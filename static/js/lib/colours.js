/** Coloured code in pieces: what highlight.js writes (spans with a class, and text), cut after every so many lines. Pure. */

const TAG_OR_END = /<span[^>]*>|<\/span>|\n/g;
const PIECE = /<span class="([^"]*)">|(<\/span>)|([^<]+)/g;
/** @type {Record<string, string>} */
const WRITTEN = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'" };

/**
 * The pieces, each whole in itself: what is open at a cut is closed before it and opened again after it.
 * @param {string} html
 * @param {number} lines in each piece but the last
 * @returns {string[]} none for no code
 */
export function cutCode(html, lines) {
  const pieces = [];
  /** @type {string[]} */
  const open = [];
  let [start, before, count] = [0, "", 0];
  for (const { 0: found, index } of html.matchAll(TAG_OR_END)) {
    if (found === "</span>") open.pop();
    else if (found !== "\n") open.push(found);
    else if ((count += 1) % lines === 0) {
      pieces.push(before + html.slice(start, index + 1) + "</span>".repeat(open.length));
      [start, before] = [index + 1, open.join("")];
    }
  }
  if (html.slice(start).replace(/<[^>]*>/g, "") !== "") pieces.push(before + html.slice(start));
  return pieces;
}

/**
 * What stands in a piece, in order: a class opens a span, null closes it, `text` is text.
 * @param {string} html
 * @returns {({ open: string } | { text: string } | null)[]}
 */
export function readCode(html) {
  return [...html.matchAll(PIECE)].map(([, open, close, text]) => {
    if (close) return null;
    return open === undefined ? { text: plain(text ?? "") } : { open };
  });
}

/** @param {string} written */
function plain(written) {
  return written.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => WRITTEN[entity] ?? entity);
}
