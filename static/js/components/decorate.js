/** What rendered Markdown cannot say itself: language, direction, where links lead, tasks, tables that scroll, notes. */

import { directionOf, languageOf } from "../lib/language.js";
import { clone, part, word } from "../lib/site.js";
import { CodeBlock } from "./code.js";
import { drawFormulas } from "./formula.js";
import { PlainText } from "./plain.js";

const MOST_FRAMES = 100; // of code inside one list; beyond them it stands there without its bar

/**
 * @typedef {object} Around
 * @property {string} chinese what Chinese is called on this page
 * @property {readonly string[]} pictures that were taken out of the text (lib/pictures.js)
 * @property {(() => void) | undefined} resized something has another size now
 */

/** @param {DocumentFragment} fragment @param {Around} around */
export function decorate(fragment, { chinese, pictures, resized }) {
  for (const block of fragment.querySelectorAll("p, li, h3, h4, h5, h6, td, th")) {
    const text = block.textContent ?? "";
    // A cell with nothing but figures goes with its table.
    if (block.tagName !== "LI" && !(block.tagName === "TD" && !/\p{L}/u.test(text))) block.setAttribute("dir", "auto");
    const language = languageOf(text, chinese);
    if (language) block.setAttribute("lang", language);
  }
  // dir="auto" does not look into children that have a direction of their own.
  for (const block of fragment.querySelectorAll("ul, ol, blockquote, table")) block.setAttribute("dir", directionOf(block.textContent ?? ""));
  for (const link of fragment.querySelectorAll("a[href]")) leadOut(link);
  for (const item of fragment.querySelectorAll("li.task")) markTask(item);
  for (const table of fragment.querySelectorAll("table")) frameTable(table);
  for (const code of [...fragment.querySelectorAll("pre > code")].slice(0, MOST_FRAMES)) frameCode(code);
  for (const picture of fragment.querySelectorAll("img")) showPicture(picture, pictures, resized);
  for (const mark of fragment.querySelectorAll("sup[data-note-mark]")) makeMark(/** @type {HTMLElement} */ (mark));
  for (const note of fragment.querySelectorAll("div[data-note]")) makeNote(/** @type {HTMLElement} */ (note));
  drawFormulas(fragment, resized);
}

/** A link leads to the web, in a tab of its own. A relative one would lead into this site, where a model knows nothing.
 * @param {Element} link */
function leadOut(link) {
  if (!/^(https?|mailto|tel):/i.test(link.getAttribute("href") ?? "")) {
    link.removeAttribute("href");
    return;
  }
  link.setAttribute("target", "_blank");
  link.setAttribute("rel", "noopener noreferrer nofollow");
}

/** @param {Element} item */
function markTask(item) {
  const said = document.createElement("span");
  said.className = "unseen";
  said.textContent = word(item.classList.contains("task-done") ? "task_done" : "task_open");
  item.prepend(said);
}

/** @param {Element} table a wide one scrolls by itself */
function frameTable(table) {
  const frame = clone("table");
  table.replaceWith(frame);
  frame.append(table);
}

/** Code inside a list or a quote. @param {Element} code */
function frameCode(code) {
  const language = /language-(\S+)/.exec(code.className)?.[1] ?? "";
  const block = new CodeBlock(language);
  block.show(code.textContent ?? "", true);
  code.parentElement?.replaceWith(block.element);
}

/** @param {HTMLImageElement} picture @param {readonly string[]} pictures @param {(() => void) | undefined} resized */
function showPicture(picture, pictures, resized) {
  const broken = () => {
    const note = document.createElement("em");
    note.textContent = word("picture_broken", { name: picture.alt });
    picture.replaceWith(note);
    resized?.();
  };
  picture.decoding = "async";
  picture.addEventListener("load", () => resized?.());
  picture.addEventListener("error", broken);
  const taken = picture.dataset.picture;
  if (taken === undefined) return;
  const source = pictures[Number(taken)];
  if (source) picture.src = source;
  else broken();
}

/** @param {HTMLElement} mark */
function makeMark(mark) {
  const button = noteButton(mark.textContent ?? "", word("footnote", { label: mark.textContent ?? "" }));
  button.dataset.toNote = mark.dataset.noteMark;
  mark.replaceChildren(button);
}

/** @param {HTMLElement} note */
function makeNote(note) {
  const label = note.dataset.label ?? "";
  const button = noteButton(label, word("footnote_back", { label }));
  button.dataset.toMark = note.dataset.note;
  note.prepend(button);
}

/** @param {string} label @param {string} name */
function noteButton(label, name) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "note-button";
  button.textContent = label;
  button.setAttribute("aria-label", name);
  return button;
}

/** From a mark to its note and back, inside one text. @param {HTMLElement} text @param {Event} event */
export function followNote(text, event) {
  const button = event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest(".note-button")) : null;
  if (!button) return;
  const { toNote, toMark } = button.dataset;
  const places = [...text.querySelectorAll(toNote === undefined ? "[data-to-note]" : "[data-to-mark]")];
  const place = places.find((one) => {
    const { toNote: mark, toMark: note } = /** @type {HTMLElement} */ (one).dataset;
    return (mark ?? note) === (toNote ?? toMark);
  });
  if (!(place instanceof HTMLElement)) return;
  place.scrollIntoView({ block: "center" });
  place.focus({ preventScroll: true });
}

/** Below a table of which not all is shown. @param {number} rows that are missing @param {string} source of the table */
export function moreRowsNote(rows, source) {
  const note = clone("more-rows");
  const shown = new Intl.NumberFormat(document.documentElement.lang).format(rows);
  part(note, "[data-rows]").textContent = word("more_rows", { rows: shown });
  part(note, "[data-more]").addEventListener("click", () => {
    const plain = new PlainText();
    plain.show(source);
    note.replaceWith(plain.element);
  });
  return note;
}
