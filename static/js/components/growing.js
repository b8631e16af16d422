/** The last block of a text while it grows: what has been drawn of it stays, so that a long list, table or paragraph costs
 * no more than a short one. Only its last item, row or stretch is read and drawn again.
 */

import { MOST_ROWS } from "../lib/markdown.js";

/** @typedef {import("../lib/markdown.js").Block} Block */

const LONG = 1_500; // characters; a shorter block is drawn whole each time
const PLAIN = /^[^*_`~$\\[\]<>!&^|:\r\n]+\s/; // words that mean the same whatever follows them
const SHORTEST = 200; // characters of a paragraph that are worth keeping
const WORD = "x "; // before the rest of a paragraph, so that it is read as one

export class Growing {
  /** What is put before the source's rest, so that it is read as the block that it belongs to. */
  prefix = "";
  /** Rows came that a table has no room for: it is drawn anew at the end, and says so. */
  full = false;
  /** The nodes that are drawn again. @type {Node[]} */
  #tail = [];

  /**
   * @param {Block} block
   * @param {number} start of the block in the whole text, in characters
   * @param {string} text the block's source
   * @param {Element} host what its items, rows or words stand in
   */
  constructor(block, start, text, host) {
    this.type = block.type;
    this.markup = block.markup;
    this.loose = block.loose;
    this.start = this.from = start;
    this.host = host;
    if (this.type === "table_open") this.prefix = text.slice(0, block.head - block.start);
    else if (this.type === "paragraph_open") this.prefix = WORD;
    else if (block.loose) this.prefix = `${/[.)]/.test(block.markup) ? `1${block.markup}` : block.markup} x\n\n`;
  }

  /**
   * Keep what is drawn of a block, if that is worth it.
   * @param {Block} block the text's last one, live
   * @param {number} start
   * @param {string} text
   * @param {Node[]} nodes
   * @returns {Growing | null}
   */
  static begin(block, start, text, nodes) {
    if (text.length < LONG) return null;
    const element = nodes.find((node) => node instanceof Element);
    const paragraph = block.type === "paragraph_open";
    const host = block.type === "table_open" ? element?.querySelector("tbody") : element;
    if (!(host instanceof Element) || !(paragraph || block.lastPart)) return null;
    const growing = new Growing(block, start, text, host);
    if (paragraph) return growing.#keepWords([...host.childNodes], text) ? growing : null;
    growing.from = start + block.lastPart - block.start;
    growing.#tail = from(host.lastElementChild);
    return growing;
  }

  /** Whether a block that was read after `prefix` is still this one. @param {Block | undefined} block */
  takes(block) {
    return block?.type === this.type && block.markup === this.markup && (this.loose || !block.loose);
  }

  /** @param {Block} block read from `prefix` and the source's rest @param {DocumentFragment} fragment drawn from it @param {string} rest */
  extend(block, fragment, rest) {
    for (const node of this.#tail) node.parentNode?.removeChild(node);
    if (this.type === "paragraph_open") {
      const nodes = [...(fragment.firstElementChild?.childNodes ?? [])];
      const first = nodes[0];
      if (first instanceof Text) first.data = first.data.slice(WORD.length);
      this.host.append(...nodes);
      this.#keepWords(nodes, rest);
      return;
    }
    const list = this.type === "table_open" ? fragment.querySelector("tbody") : fragment.firstElementChild;
    const made = this.type !== "table_open" && this.prefix ? list?.children[1] : list?.children[0];
    const room = MOST_ROWS - this.host.childElementCount;
    this.full = this.type === "table_open" && room < (list?.childElementCount ?? 0);
    this.#tail = this.full ? [] : from(made ?? null);
    this.host.append(...this.#tail);
    if (block.lastPart <= this.prefix.length) return;
    this.from += block.lastPart - this.prefix.length;
    if (!this.full) this.#tail = from(this.host.lastElementChild);
  }

  /** Words at the beginning of `rest` that nothing after them can change need not be read again.
   * @param {Node[]} nodes drawn from it @param {string} rest @returns {boolean} whether there are some */
  #keepWords(nodes, rest) {
    this.#tail = nodes;
    const words = PLAIN.exec(rest)?.[0] ?? "";
    const [first] = nodes;
    if (words.length < SHORTEST || !(first instanceof Text) || !first.data.startsWith(words)) return false;
    const after = first.splitText(words.length);
    this.from += words.length;
    this.#tail = [after, ...nodes.slice(1)];
    return true;
  }
}

/** A node and its siblings after it. @param {Node | null} node */
function from(node) {
  const nodes = [];
  for (let next = node; next; next = next.nextSibling) nodes.push(next);
  return nodes;
}
