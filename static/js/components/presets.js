/** Sets of parameters with a name, in the panel: to be taken over, and to be kept from what is set. */

import { part, word } from "../lib/site.js";

/** @typedef {import("./parameters.js").Sheet} Sheet */
/** @typedef {import("./parameters.js").Preset} Preset */

const KINDS = /** @type {const} */ (["me", "everybody", "example"]);
const NAMES = { me: "preset_mine", everybody: "preset_everybody", example: "preset_example" };

export class Presets {
  /** @type {Preset[]} */
  #offered = [];

  /**
   * @param {HTMLElement} panel
   * @param {(preset: Preset) => void} take
   * @param {(name: string) => void} keep
   */
  constructor(panel, take, keep) {
    this.select = /** @type {HTMLSelectElement} */ (part(panel, "[data-preset]"));
    this.select.addEventListener("change", () => {
      const preset = this.#offered.find((one) => one.id === this.select.value);
      if (preset) take(preset);
    });
    part(panel, "form[data-keep]").addEventListener("submit", (event) => {
      event.preventDefault();
      const field = /** @type {HTMLInputElement} */ (part(panel, "[name=preset_name]"));
      if (!field.value.trim()) return field.focus();
      keep(field.value);
      field.value = "";
    });
  }

  /** @param {Sheet} sheet */
  show({ presets, preset, own }) {
    this.#offered = presets;
    const none = new Option(word(Object.keys(own).length ? "preset_changed" : "preset_none"), "");
    const groups = KINDS.map((kind) => group(word(NAMES[kind]), presets.filter((one) => one.for === kind)));
    this.select.replaceChildren(none, ...groups.filter((one) => one.children.length));
    this.select.value = preset ?? "";
  }
}

/** @param {string} label @param {Preset[]} presets */
function group(label, presets) {
  const element = document.createElement("optgroup");
  element.label = label;
  element.append(...presets.map((one) => new Option(one.name, one.id)));
  return element;
}
