/** A list to choose from by typing: groups of options under a field (combobox), one of them active. Mouse and keys. */

import { partsOf } from "../lib/later.js";
import { clone, CommandError, part, word } from "../lib/site.js";

/** @typedef {{ label: string, detail?: string, icon?: string, current?: boolean, draw?: (row: HTMLElement) => void, run: () => void }} Choice */
/** @typedef {{ name: string, choices: Choice[] }} Group */

const MOST = 200; // rows drawn; typing narrows them
let lists = 0;

/**
 * Open what is made of the lists' templates, which come with the first of them.
 * @param {() => void} open
 */
export async function withLists(open) {
  try {
    await partsOf("/parts/lists/");
    open();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { toast } = await import("./toasts.js");
    toast(word("failed_action", { reason: error.sentence }));
  }
}

export class Choices {
  /** @type {{ element: HTMLElement, choice: Choice }[]} */
  #rows = [];
  #active = -1;
  #id = `choices-${(lists += 1)}`;

  /** @param {HTMLInputElement} field @param {HTMLElement} list */
  constructor(field, list) {
    this.field = field;
    this.list = list;
    list.id = this.#id;
    field.setAttribute("aria-controls", this.#id);
    field.addEventListener("keydown", (event) => this.#key(event));
    list.addEventListener("pointermove", (event) => this.#activate(this.#under(event), false));
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps focus
    list.addEventListener("click", (event) => this.#rows[this.#under(event)]?.choice.run());
  }

  /**
   * @param {Group[]} groups those without choices are left out
   * @param {string} nothing what is said when all are
   * @param {boolean} atCurrent begin at the current one instead of the first
   */
  show(groups, nothing, atCurrent = false) {
    this.#rows = [];
    const elements = groups.filter((group) => group.choices.length).map((group) => this.#group(group));
    this.list.replaceChildren(...elements);
    if (elements.length === 0) this.list.append(Object.assign(document.createElement("p"), { className: "choices-nothing", textContent: nothing }));
    const current = atCurrent ? this.#rows.findIndex((row) => row.choice.current) : 0;
    this.#activate(Math.max(current, 0));
  }

  /** @param {Group} group */
  #group({ name, choices }) {
    const element = clone("choices-group");
    const title = part(element, "[data-name]");
    title.textContent = name;
    title.id = `${this.#id}-${this.#rows.length}-name`;
    element.setAttribute("aria-labelledby", title.id);
    element.append(...choices.slice(0, MOST - Math.min(this.#rows.length, MOST)).map((choice) => this.#row(choice)));
    return element;
  }

  /** @param {Choice} choice */
  #row(choice) {
    const element = clone("choice");
    element.id = `${this.#id}-${this.#rows.length}`;
    part(element, "[data-label]").textContent = choice.label;
    part(element, "[data-detail]").textContent = choice.detail ?? "";
    part(element, ".choice-current").toggleAttribute("data-on", Boolean(choice.current));
    const icon = part(element, ".choice-icon");
    const use = part(icon, "use");
    if (choice.icon) use.setAttribute("href", (use.getAttribute("href") ?? "").replace(/#.*$/, `#${choice.icon}`));
    icon.toggleAttribute("hidden", !choice.icon);
    choice.draw?.(element);
    this.#rows.push({ element, choice });
    return element;
  }

  /** @param {number} index @param {boolean} [scroll] */
  #activate(index, scroll = true) {
    if (index < 0) return;
    this.#rows[this.#active]?.element.setAttribute("aria-selected", "false");
    this.#active = index;
    const row = this.#rows[index]?.element;
    row?.setAttribute("aria-selected", "true");
    if (row) this.field.setAttribute("aria-activedescendant", row.id);
    else this.field.removeAttribute("aria-activedescendant");
    if (scroll) (index === 0 ? this.list.firstElementChild : row)?.scrollIntoView({ block: "nearest" });
  }

  /** @param {Event} event */
  #under(event) {
    const element = event.target instanceof Element ? event.target.closest("[role=option]") : null;
    return this.#rows.findIndex((row) => row.element === element);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const last = this.#rows.length - 1;
    const places = { ArrowDown: this.#active < last ? this.#active + 1 : 0, ArrowUp: this.#active > 0 ? this.#active - 1 : last, PageDown: Math.min(this.#active + 8, last), PageUp: Math.max(this.#active - 8, 0) };
    if (event.key in places) this.#activate(places[/** @type {keyof typeof places} */ (event.key)]);
    else if (event.key === "Enter" && !event.ctrlKey) this.#rows[this.#active]?.choice.run();
    else return;
    event.preventDefault();
  }
}
