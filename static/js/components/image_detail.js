/** One picture: arrow keys and swipes go to its neighbours, s is its star, and a slider shows before and after. */

import { pieceOf } from "../lib/later.js";
import { part, post } from "../lib/site.js";
import { wakeCompare } from "./image_compare.js";

const FAR = 60; // CSS pixels of a swipe
const KEYS = { ArrowLeft: "[rel=prev].detail-step", ArrowRight: "[rel=next].detail-step", Escape: "[data-close]" };

let detail = part(document, "[data-detail]");
/** @type {{ x: number, y: number } | null} */
let began = null;
let going = false;

wake();
addEventListener("popstate", () => location.reload());
addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target instanceof Element && event.target.closest("input, textarea, select, .menu")) return;
  if (event.key === "s") part(detail, ".detail-star").click();
  else if (event.key in KEYS) /** @type {HTMLElement | null} */ (detail.querySelector(KEYS[/** @type {keyof typeof KEYS} */ (event.key)]))?.click();
  else return;
  event.preventDefault();
});

/** What belongs to the picture that is shown now. */
function wake() {
  const stage = part(detail, "[data-swipe]");
  stage.addEventListener("pointerdown", (event) => {
    const slides = event.target instanceof Element && event.target.closest("[data-slider]");
    began = event.pointerType === "touch" && event.isPrimary && !slides ? { x: event.clientX, y: event.clientY } : null;
  });
  stage.addEventListener("pointerup", (event) => {
    if (!began) return;
    const [x, y] = [event.clientX - began.x, event.clientY - began.y];
    began = null;
    const near = visualViewport && visualViewport.scale > 1.05; // who has zoomed in moves about in it
    if (near || Math.abs(x) < FAR || Math.abs(x) < 2 * Math.abs(y)) return;
    const rtl = document.dir === "rtl" ? -1 : 1;
    /** @type {HTMLElement | null} */ (detail.querySelector(x * rtl < 0 ? KEYS.ArrowRight : KEYS.ArrowLeft))?.click();
  });
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (detail.querySelectorAll(".detail-step"))) {
    link.addEventListener("click", (event) => go(event, link));
  }
  part(detail, "[data-favour-one]").addEventListener("submit", star);
  const compare = detail.querySelector("[data-compare]");
  if (compare) wakeCompare(/** @type {HTMLElement} */ (compare));
}

/** To a neighbour, without the rest of the page blinking. @param {MouseEvent} event @param {HTMLAnchorElement} link */
async function go(event, link) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (going) return;
  going = true;
  const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest(".detail-step"))?.getAttribute("rel");
  try {
    const next = /** @type {HTMLElement} */ (await pieceOf(link.href, "[data-detail]"));
    detail.replaceWith(next);
    detail = next;
    history.replaceState(null, "", link.href);
    wake();
    if (focused) /** @type {HTMLElement | null} */ (detail.querySelector(`.detail-step[rel=${focused}]`) ?? detail.querySelector(".detail-step"))?.focus();
  } catch {
    location.assign(link.href);
  } finally {
    going = false;
  }
}

/** @param {SubmitEvent} event */
async function star(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const button = /** @type {HTMLButtonElement} */ (part(form, "button"));
  const on = button.getAttribute("aria-pressed") !== "true";
  const show = (/** @type {boolean} */ pressed) => { button.setAttribute("aria-pressed", String(pressed)); button.value = pressed ? "off" : "on"; };
  show(on);
  await post(form.action, { favourite: on }).catch(() => show(!on));
}
