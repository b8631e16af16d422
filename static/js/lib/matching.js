/** Finding by typing: which names hold all the words, those that begin with them first. Pure. */

/** Without case, accents and width: what people type when they look for something. @param {string} text */
export function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();
}

/**
 * Those that hold every word of the query, the best first; all of them, as they came, for an empty one.
 * @template T
 * @param {readonly T[]} items
 * @param {string} query
 * @param {(item: T) => string} name
 * @returns {T[]}
 */
export function matching(items, query, name) {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...items];
  const ranked = items.map((item) => ({ item, rank: rank(fold(name(item)), words) })).filter((one) => one.rank < Infinity);
  return ranked.sort((one, other) => one.rank - other.rank).map((one) => one.item);
}

/** 0 begins with it, 1 has a word that does, 2 holds it somewhere; the worst of the words counts.
 * @param {string} name @param {string[]} words */
function rank(name, words) {
  return Math.max(...words.map((word) => {
    const at = name.indexOf(word);
    if (at < 0) return Infinity;
    if (at === 0) return 0;
    return startsWord(name, word, at) ? 1 : 2;
  }));
}

/** @param {string} name @param {string} word @param {number} at */
function startsWord(name, word, at) {
  for (let place = at; place >= 0; place = name.indexOf(word, place + 1)) {
    if (!/[\p{L}\p{N}]/u.test(name.charAt(place - 1))) return true;
  }
  return false;
}
