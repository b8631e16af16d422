/** Which language a block of text is set in, as far as fonts and line breaks must know: by share of its characters. */

const SAMPLE = 400; // characters; a block's beginning tells enough

/**
 * "ja", "ko", "zh" or "" for a text. Kana and hangul decide before Han, which Japanese uses as well.
 * @param {string} text
 * @param {string} [chinese] what to call Chinese, by the page's own language ("zh-Hant" on a traditional page)
 */
export function languageOf(text, chinese = "zh") {
  const sample = text.slice(0, SAMPLE);
  const letters = count(sample, /\p{L}/gu);
  if (letters === 0) return "";
  const [kana, hangul, han] = [
    count(sample, /[\p{Script=Hiragana}\p{Script=Katakana}]/gu),
    count(sample, /\p{Script=Hangul}/gu),
    count(sample, /\p{Script=Han}/gu),
  ];
  if (kana / letters > 0.1) return "ja";
  if (hangul / letters > 0.2) return "ko";
  return han / letters > 0.2 ? chinese : "";
}

/** Where the last whole sentence of a text that still grows has its end; 0 without one. A point is one's end only when
 * something follows that is not part of a number or a name. @param {string} text */
export function endOfSentences(text) {
  return [...text.matchAll(/[.!?…]["'”’)\]]*\s+|[。！？]["'”’)\]]*\s*/g)].reduce((_, { 0: end, index }) => index + end.length, 0);
}

/** "rtl" or "ltr", by the first letter that has a direction. @param {string} text */
export function directionOf(text) {
  const first = /\p{L}/u.exec(text)?.[0] ?? "";
  return /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(first) ? "rtl" : "ltr";
}

/** @param {string} text @param {RegExp} pattern */
function count(text, pattern) {
  return text.match(pattern)?.length ?? 0;
}
