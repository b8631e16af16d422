/** Days, clock times and durations as people say them. */

const DAY = 86_400_000;

/**
 * Which group of the history a moment belongs to: a word's key, or a month when it is older than 30 days.
 * Days are the reader's own.
 * @param {string} iso
 * @param {Date} now
 * @param {string} [language]
 * @returns {{ key: string } | { month: string }}
 */
export function dayGroup(iso, now, language) {
  const moment = new Date(iso);
  const days = Math.round((midnight(now) - midnight(moment)) / DAY);
  if (days <= 0) return { key: "today" };
  if (days === 1) return { key: "yesterday" };
  if (days <= 7) return { key: "previous_7" };
  if (days <= 30) return { key: "previous_30" };
  return { month: new Intl.DateTimeFormat(language, { month: "long", year: "numeric" }).format(moment) };
}

/** @param {Date} date */
function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/**
 * A moment in words for a tooltip, such as "20 Nov 2026, 14:02".
 * @param {string} iso
 * @param {string} [language]
 */
export function moment(iso, language) {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
}

/**
 * Whole seconds until a moment, never less than 0.
 * @param {string} iso
 * @param {number} now milliseconds since 1970
 */
export function secondsUntil(iso, now) {
  return Math.max(0, Math.ceil((Date.parse(iso) - now) / 1000));
}
