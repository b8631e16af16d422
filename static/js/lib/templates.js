/** Elements that the server rendered once for scripts to copy: `<template data-template="name">`. */

/** @type {Map<string, Element>} */
const found = new Map();

/**
 * A copy of the one element in a template.
 * @param {string} name
 * @returns {HTMLElement}
 */
export function clone(name) {
  let original = found.get(name);
  if (!original) {
    const template = /** @type {HTMLTemplateElement | null} */ (document.querySelector(`template[data-template="${name}"]`));
    const first = template?.content.firstElementChild;
    if (!first) throw new Error(`There is no template ${name} in this page.`);
    original = first;
    found.set(name, original);
  }
  return /** @type {HTMLElement} */ (document.importNode(original, true));
}

/**
 * The first element under `root` that matches; a page without it is broken, and says so.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function part(root, selector) {
  const element = root.querySelector(selector);
  if (!element) throw new Error(`There is no ${selector} here.`);
  return /** @type {HTMLElement} */ (element);
}
