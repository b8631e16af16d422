/** What is attached to a question that is being written: its order, what of each is sent how, and how much that is. Pure. */

/** @typedef {import("./upload.js").StoredFile} StoredFile */
/**
 * @typedef {object} About what the site says of a file before it is sent (docs/protocol.md, Files in messages)
 * @property {string} as
 * @property {string[]} ways
 * @property {number | null} tokens
 * @property {number[] | null} page_tokens
 * @property {string | null} problem
 * @property {string | null} warning
 * @property {{ status: string, pages: number, paged: boolean, note: string | null } | null} text
 */
/** @typedef {{ pages?: string, as?: string, detail?: string }} Wish what a person chose for a file; nothing: what is usual */
/** @typedef {{ key: string, file: StoredFile | null, about: (StoredFile & About) | null, wish: Wish }} Item */
/** @typedef {{ id: string, as?: string, pages?: string, detail?: string, part: import("./events.js").Part }} Chosen as it is sent, and as it is shown */

const MARKS = 24; // tokens around a file's text
const LOW = 85; // tokens of a picture that is looked at once

/** One step towards the front or the end. @template T @param {readonly T[]} items @param {number} index @param {number} by @returns {T[]} */
export function moved(items, index, by) {
  const found = [...items];
  const [one] = found.splice(index, 1);
  if (one !== undefined) found.splice(Math.max(0, Math.min(found.length, index + by)), 0, one);
  return found;
}

/** The pages that "1-3, 7" names, in order; null for what names none. @param {string} text @param {number} total @returns {number[] | null} */
export function pagesIn(text, total) {
  const found = new Set();
  for (const one of text.replaceAll("–", "-").split(/[,;\s]+/).filter(Boolean)) {
    const match = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(one);
    if (!match) return null;
    for (let page = Math.max(1, Number(match[1])); page <= Math.min(total, Number(match[2] ?? match[1])); page += 1) found.add(page);
  }
  return found.size ? [...found].sort((one, other) => one - other) : null;
}

/** About how many tokens a file has as it would be sent; null: not known yet. @param {Item} item @returns {number | null} */
export function tokensIn({ about, wish }) {
  if (!about) return null;
  const way = wish.as ?? about.as;
  if (way === "image") return wish.detail === "low" ? LOW : about.tokens;
  if (way !== "text") return way === about.as ? about.tokens : null;
  if (!about.page_tokens) return null;
  const all = about.page_tokens;
  const pages = wish.pages ? pagesIn(wish.pages, all.length) ?? [] : all.map((_, index) => index + 1);
  return pages.reduce((sum, page) => sum + (all[page - 1] ?? 0), MARKS);
}

/** Of all; those that are not known count for nothing. @param {readonly Item[]} items */
export function tokensOfAll(items) {
  return items.reduce((sum, item) => sum + (tokensIn(item) ?? 0), 0);
}

/**
 * As many of the first pages as there is room for, file by file in their order; what is no text stays whole.
 * @param {readonly Item[]} items @param {number} room tokens
 * @returns {Map<string, string>} key to pages, for those whose text has to be shortened
 */
export function fitting(items, room) {
  const texts = items.filter(({ about, wish }) => (wish.as ?? about?.as) === "text" && about?.page_tokens);
  let left = room - tokensOfAll(items.filter((item) => !texts.includes(item)));
  const found = new Map();
  for (const item of texts) {
    const all = item.about?.page_tokens ?? [];
    let count = 0;
    for (let sum = MARKS + (all[0] ?? 0); count < all.length && sum <= left; sum += all[count] ?? 0) count += 1;
    const last = Math.max(1, count);
    left -= all.slice(0, last).reduce((sum, one) => sum + one, MARKS);
    if (last < all.length) found.set(item.key, last === 1 ? "1" : `1-${last}`);
  }
  return found;
}

/** What a command names. @param {Item} item @returns {Chosen | null} null while there is no file yet */
export function chosen({ file, about, wish }) {
  if (!file) return null;
  const way = wish.as ?? about?.as ?? (file.kind === "image" ? "image" : "text");
  const { id, name, kind, mime, size, width, height } = file;
  const shared = { file: id, name, mime, size };
  const part = way === "image"
    ? { type: "image", ...shared, width, height, detail: wish.detail ?? "" }
    : { type: "file", ...shared, kind, as: way, ...(way === "text" && { pages: wish.pages ?? null, of: about?.text?.pages ?? null }) };
  return {
    id,
    ...(wish.as && { as: wish.as }),
    ...(way === "text" && wish.pages && { pages: wish.pages }),
    ...(way === "image" && wish.detail && { detail: wish.detail }),
    part,
  };
}
