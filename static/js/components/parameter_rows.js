/** The fields of the panel of parameters: what is typed goes out when a field is left, what holds comes back in. */

import { part } from "../lib/site.js";

/** @typedef {import("./parameters.js").Sheet} Sheet */
/** @typedef {import("./parameters.js").Field} Field */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Input */

export class Rows {
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();

  /**
   * @param {HTMLElement} form
   * @param {(name: string, texts: Record<string, string>) => void} save
   * @param {(name: string) => void} reset
   */
  constructor(form, save, reset) {
    this.save = save;
    this.reset = reset;
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-param]"))) this.#rows.set(row.dataset.param ?? "", row);
    form.addEventListener("input", (event) => this.#typed(event));
    form.addEventListener("change", (event) => this.#left(event));
    form.addEventListener("click", (event) => this.#clicked(event));
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  /** @param {Sheet} sheet */
  show(sheet) {
    for (const [name, row] of this.#rows) {
      const field = sheet.fields[name];
      if (field && !row.hasAttribute("data-typed")) this.#fill(row, field);
      const warning = sheet.warnings.filter((one) => one.fields.at(-1) === name).map((one) => one.message);
      say(row, "[data-warning]", warning.join(" "));
      say(row, "[data-refusal]", sheet.refused[name] ?? "");
      row.toggleAttribute("data-refused", name in sheet.refused);
    }
  }

  /** @param {string} name @param {string} sentence */
  refuse(name, sentence) {
    const row = this.#rows.get(name);
    if (!row) return;
    say(row, "[data-wrong]", sentence);
    for (const input of texts(row)) input.setAttribute("aria-invalid", "true");
  }

  /** @param {HTMLElement} row @param {Field} field */
  #fill(row, field) {
    const values = [field.text].flat();
    texts(row).forEach((input, index) => {
      if (input.value !== (values[index] ?? "")) input.value = values[index] ?? "";
      input.removeAttribute("aria-invalid");
      if ("placeholder" in input) input.placeholder = (field.below ? [field.below.text].flat()[index] : input.dataset.example) ?? "";
    });
    say(row, "[data-wrong]", "");
    part(row, "[data-state]").textContent = field.state;
    row.toggleAttribute("data-set", field.set);
    row.toggleAttribute("data-holds", field.set ? !field.off : field.below !== null);
    part(row, "[data-reset]").hidden = !field.set;
    const off = part(row, "[data-off]");
    /** @type {HTMLInputElement} */ (part(off, "input")).checked = field.off;
    off.hidden = !field.below && !field.off;
    const slider = sliderOf(row);
    if (slider) slider.value = values[0] || String(field.below?.text ?? slider.dataset.default ?? "");
  }

  /** @param {Event} event */
  #typed(event) {
    rowOf(event)?.setAttribute("data-typed", "");
    follow(event);
  }

  /** @param {Event} event */
  #left(event) {
    const row = rowOf(event);
    if (!row) return;
    row.removeAttribute("data-typed");
    const inputs = /** @type {NodeListOf<Input>} */ (row.querySelectorAll("[name]"));
    const given = [...inputs].filter((input) => input.type !== "checkbox" || /** @type {HTMLInputElement} */ (input).checked);
    this.save(row.dataset.param ?? "", Object.fromEntries(given.map((input) => [input.name, input.value])));
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const row = forget(event);
    if (!row) return;
    row.removeAttribute("data-typed");
    this.reset(row.dataset.param ?? "");
  }
}

/** The field follows its slider, the slider its field. @param {Event} event */
export function follow(event) {
  const row = rowOf(event);
  if (!row) return;
  const slider = sliderOf(row);
  const [field] = texts(row);
  if (!slider || !field) return;
  if (event.target === slider) field.value = slider.value;
  else if (event.target === field) slider.value = field.value || (slider.dataset.default ?? "");
  row.toggleAttribute("data-holds", field.value !== "");
}

/** Empty what is reset. @param {Event} event @returns {HTMLElement | null} its row, if that is what was pressed */
export function forget(event) {
  const row = event.target instanceof Element && event.target.closest("[data-reset]") ? rowOf(event) : null;
  if (!row) return null;
  for (const input of texts(row)) input.value = "";
  const off = /** @type {HTMLInputElement | null} */ (row.querySelector("[data-off] input"));
  if (off) off.checked = false;
  const slider = sliderOf(row);
  if (slider) slider.value = slider.dataset.default ?? "";
  row.removeAttribute("data-holds");
  texts(row)[0]?.focus();
  return row;
}

/** @param {Event} event */
function rowOf(event) {
  return event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest("[data-param]")) : null;
}

/** The inputs that hold its value. @param {HTMLElement} row @returns {Input[]} */
function texts(row) {
  return [.../** @type {NodeListOf<Input>} */ (row.querySelectorAll("[name]:not([type=checkbox])"))];
}

/** @param {HTMLElement} row */
function sliderOf(row) {
  return /** @type {HTMLInputElement | null} */ (row.querySelector("[data-slider]"));
}

/** @param {HTMLElement} row @param {string} place @param {string} words */
function say(row, place, words) {
  const element = part(row, place);
  element.hidden = words === "";
  part(element, "[data-words]").textContent = words;
}
