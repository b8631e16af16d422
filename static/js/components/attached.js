/** The files of a question in the thread, as the server draws them: comes with the first question that has some. */

import { partsOf } from "../lib/later.js";
import { clone, part, word } from "../lib/site.js";
import { sizeWords } from "../lib/sizes.js";

/** @typedef {import("../models/events.js").Part} Part */

/** @param {Part} part */
export function isFile({ type }) {
  return type === "image" || type === "file";
}

/** @param {HTMLElement} element of the question @param {readonly Part[]} parts */
export async function showAttached(element, parts) {
  const files = parts.filter(isFile);
  const seen = JSON.stringify(files);
  if (element.dataset.attached === seen) return;
  element.dataset.attached = seen;
  await partsOf("/parts/attached/");
  if (element.dataset.attached !== seen) return;
  const list = element.querySelector(".attached");
  if (files.length === 0) {
    list?.remove();
    return;
  }
  const drawn = clone("attached");
  drawn.hidden = false;
  drawn.replaceChildren(...files.map(drawing));
  if (list) list.replaceWith(drawn);
  else part(element, ".question-body").before(drawn);
}

/** @param {Part} file */
function drawing(file) {
  const { name = "", tokens = 0, deleted } = file;
  const element = clone(deleted ? "attached-gone" : file.type === "image" ? "attached-picture" : "attached-file");
  element.dataset.tokens = String(deleted ? 0 : tokens);
  if (!deleted) /** @type {HTMLAnchorElement} */ (part(element, "a")).href = `/files/${file.file}/${file.type === "image" ? "content" : ""}`;
  if (file.type === "image" && !deleted) {
    const image = /** @type {HTMLImageElement} */ (part(element, "img"));
    image.src = `/files/${file.file}/thumb/256`;
    image.alt = word("picture_named", { name });
    return element;
  }
  part(element, "[data-name]").textContent = name;
  if (!deleted) part(element, "[data-facts]").textContent = facts(file);
  return element;
}

/** @param {Part} file */
function facts({ kind = "", pages, of, as, size = 0 }) {
  const words = kind ? [word(`kind_${kind}`)] : [];
  if (pages) words.push(word("pages_of", { pages, count: of ?? 0 }));
  if (as === "file") words.push(word("sent_whole"));
  return [...words, sizeWords(size)].join(" · ");
}
