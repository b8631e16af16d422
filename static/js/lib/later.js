/** Templates, words and style that only some people ever need: one address each, fetched with their first use. */

import { CommandError, learn } from "./site.js";

/** @type {Map<string, Promise<void>>} */
const fetched = new Map();

/**
 * Put the templates of an address into this page, its words with the others, and wait for its style sheets.
 * @param {string} url
 * @throws {CommandError} when it cannot be had; the next call tries again
 */
export function partsOf(url) {
  const before = fetched.get(url);
  if (before) return before;
  const coming = load(url);
  fetched.set(url, coming);
  coming.catch(() => fetched.delete(url));
  return coming;
}

/**
 * A part of another page of the site, with the style sheets that it needs.
 * @param {string} url
 * @param {string} selector
 * @returns {Promise<Element>}
 * @throws {CommandError}
 */
export async function pieceOf(url, selector) {
  const found = await page(url);
  const piece = found.querySelector(selector);
  if (!piece) throw new CommandError(404, "unexpected", "");
  await wear(found);
  return document.adoptNode(piece);
}

/** @param {string} url */
async function load(url) {
  const found = await page(url);
  learn(JSON.parse(found.getElementById("words")?.textContent ?? "{}"));
  document.body.append(...[...found.querySelectorAll("template")].map((template) => document.adoptNode(template)));
  await wear(found);
}

/** The style sheets of a document that this one has not. @param {Document} found */
function wear(found) {
  const here = new Set([...document.querySelectorAll("link[rel=stylesheet]")].map((link) => /** @type {HTMLLinkElement} */ (link).href));
  const sheets = /** @type {HTMLLinkElement[]} */ ([...found.querySelectorAll("link[rel=stylesheet]")]);
  return Promise.all(sheets.filter((sheet) => !here.has(sheet.href)).map((sheet) => new Promise((resolve) => {
    const link = document.adoptNode(sheet);
    link.onload = link.onerror = resolve; // without it they are plain, and can be used
    document.head.append(link);
  })));
}

/** As a document: no string becomes markup here (Trusted Types). @param {string} url @returns {Promise<Document>} */
function page(url) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.responseType = "document";
    request.onload = () => request.status === 200 && request.responseXML ? resolve(request.responseXML) : reject(new CommandError(request.status, "unexpected", ""));
    request.onerror = () => reject(new CommandError(0, "unreachable", ""));
    request.send();
  });
}
