/** Keeps the end of a growing text in view, for as long as the reader stays there and not a moment longer. */

const NEAR = 48; // pixels: within them a reader is at the end
const ABOVE = 16; // pixels kept free above a question that was just sent

export class Scroll {
  #follows = true;
  #frame = 0;
  #lastTop = 0;
  #length = 0; // of the text, when it was last measured
  #below = 0; // pixels between the room and the end
  /** @type {HTMLElement | null} */
  #question = null;

  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} room an empty element below the text
   * @param {HTMLElement} button "New text below"
   */
  constructor(scroller, room, button) {
    this.scroller = scroller;
    this.room = room;
    this.#below = parseFloat(getComputedStyle(/** @type {Element} */ (room.parentElement)).paddingBlockEnd);
    this.button = button;
    for (const type of ["wheel", "touchmove"]) scroller.addEventListener(type, () => this.#left(), { passive: true });
    scroller.addEventListener("keydown", () => this.#left());
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    document.addEventListener("selectionchange", () => this.#selecting());
    button.addEventListener("click", () => this.toEnd());
    new ResizeObserver(() => this.follow()).observe(scroller);
  }

  get atEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight <= NEAR;
  }

  /** Go to the end and follow it from now on. */
  toEnd() {
    this.#follows = true;
    this.#jump();
    this.#atEnd();
  }

  #atEnd() {
    this.button.hidden = true;
    this.button.removeAttribute("data-news");
  }

  /** Show a place in the text, and stay there. @param {Element} place */
  to(place) {
    this.#follows = false;
    place.scrollIntoView({ block: "start" });
  }

  /** Have a message stand where it stood before the page went. @param {Element} message @param {number} top below the scroller's own */
  backTo(message, top) {
    this.keepAt(message, top + this.scroller.getBoundingClientRect().top);
  }

  /** Something is higher by so much now: what is read below it stays where it is. @param {Element} message @param {number} by pixels */
  higher(message, by) {
    const above = message.getBoundingClientRect().top < this.scroller.getBoundingClientRect().top;
    if (above && by && !this.#follows) this.scroller.scrollTop += by;
    this.grown();
  }

  /** The text has grown. Measures once a frame. */
  grown() {
    this.#frame ||= requestAnimationFrame(() => this.follow());
  }

  /** The text has grown in this very frame: what stands below it must not be seen to move and move back. */
  follow() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#makeRoom();
    if (this.#follows) this.#jump();
    else if (!this.atEnd) this.#offer(this.room.offsetTop > this.#length);
    this.#length = this.room.offsetTop;
  }

  /** The way to the end. @param {boolean} news there is more than what the reader has been past */
  #offer(news) {
    this.button.hidden = false;
    if (news) this.button.setAttribute("data-news", "");
  }

  /** A question was sent: it moves to the top of the view, and its answer grows into the free room below.
   * @param {HTMLElement} question */
  sent(question) {
    this.#question = question;
    this.#follows = true;
    this.grown();
  }

  /** Put older text above without moving what is being read. @param {() => void} insert */
  keepPlace(insert) {
    const fromEnd = this.scroller.scrollHeight - this.scroller.scrollTop;
    insert();
    this.scroller.scrollTop = this.scroller.scrollHeight - fromEnd;
  }

  /** Have a place stand where another one stood: this many pixels below the window's top. Makes room for it when what
   * follows is too short. @param {Element} place @param {number} top */
  keepAt(place, top) {
    this.#follows = false;
    this.#question = null;
    const start = this.scroller.getBoundingClientRect().top - this.scroller.scrollTop;
    const wanted = this.scroller.scrollTop + place.getBoundingClientRect().top - top;
    const length = this.room.getBoundingClientRect().top - start + this.#below;
    this.room.style.blockSize = `${Math.max(wanted + this.scroller.clientHeight - length, 0)}px`;
    this.scroller.scrollTop = wanted;
    this.#length = this.room.offsetTop; // another branch is not news
  }

  #jump() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #makeRoom() {
    if (!this.#question?.isConnected) return;
    const top = this.#question.getBoundingClientRect().top;
    const bottom = this.room.getBoundingClientRect().top;
    const free = this.scroller.clientHeight - (bottom - top) - ABOVE - this.#below;
    this.room.style.blockSize = `${Math.max(free, 0)}px`;
  }

  #left() {
    requestAnimationFrame(() => {
      if (!this.atEnd) this.#follows = false;
    });
  }

  #scrolled() {
    if (this.atEnd) {
      this.#follows = true;
      this.#atEnd();
    } else {
      if (this.scroller.scrollTop < this.#lastTop) this.#follows = false;
      if (!this.#follows) this.#offer(false);
    }
    this.#lastTop = this.scroller.scrollTop;
  }

  #selecting() {
    const selection = document.getSelection();
    if (selection && !selection.isCollapsed && this.scroller.contains(selection.anchorNode)) this.#follows = false;
  }
}
