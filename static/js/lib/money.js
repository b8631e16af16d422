/** Amounts and estimates as the server writes them (billing/amounts.py, pricing.py, tokens.py). Pure. */

const MICRO = 1_000_000;
const MINUS = "\u2212";
const DENSE = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\u{20000}-\u{3ffff}]/gu;
export const PER_MESSAGE = 4; // tokens: role and separators

/** @typedef {Record<string, number>} Rates unit to micro-units for a million tokens */

/** In passing: four decimals, from one whole unit on two; null for less than four can show. @param {number} micro @param {string} sign */
export function shortAmount(micro, sign) {
  if (micro !== 0 && Math.abs(micro) < 100) return null;
  const places = Math.abs(micro) >= MICRO || micro === 0 ? 2 : 4;
  return `${micro < 0 ? MINUS : ""}${sign}${(Math.abs(micro) / MICRO).toFixed(places)}`;
}

/** About how many tokens a text has. @param {string} text */
export function tokensOf(text) {
  const dense = text.match(DENSE)?.length ?? 0;
  let plain = 0;
  let others = -dense;
  for (const character of text) {
    if (character < "\u0080") plain += 1;
    else others += 1;
  }
  return Math.ceil((plain + 4 * dense + 2 * others) / 4);
}

/** Micro-units; null when something has no price. @param {Rates | null} rates @param {number} prompt @param {number} completion */
export function costOf(rates, prompt, completion) {
  if (!rates || (prompt && rates.prompt === undefined) || (completion && rates.completion === undefined)) return null;
  const tokens = prompt * (rates.prompt ?? 0) + completion * (rates.completion ?? 0);
  return Math.ceil((tokens + 1_000 * (rates.request ?? 0)) / MICRO);
}
