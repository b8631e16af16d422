/** Sizes of files and counts, as people of the page's language write them. Pure. */

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

/** @param {number} bytes @param {string} [language] */
export function sizeWords(bytes, language = globalThis.document?.documentElement.lang || "en") {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1024)));
  const format = new Intl.NumberFormat(language, { style: "unit", unit: UNITS[power], unitDisplay: power ? "short" : "long", maximumFractionDigits: 1 });
  return format.format(bytes / 1024 ** power);
}

/** @param {number} count @param {string} [language] */
export function countWords(count, language = globalThis.document?.documentElement.lang || "en") {
  return count.toLocaleString(language);
}
