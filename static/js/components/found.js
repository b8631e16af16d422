/** A message that somebody has looked for (`?at=` in the address). Comes with the first of them. */

const SHOWN = 2_000; // milliseconds

/**
 * It stands one third from the top, marked for two seconds; and the address is the conversation's again, so that a reload
 * keeps the reader's place.
 * @param {import("./scroll.js").Scroll} scroll
 * @param {HTMLElement} message
 * @returns {{ id: string, top: number }} where it stands, in pixels below the window's own top
 */
export function show(scroll, message) {
  const { top, height } = scroll.scroller.getBoundingClientRect();
  const place = { id: message.dataset.id ?? "", top: top + height / 3 };
  scroll.keepAt(message, place.top);
  message.setAttribute("data-sought", "");
  setTimeout(() => document.getElementById(`m-${place.id}`)?.removeAttribute("data-sought"), SHOWN);
  history.replaceState(history.state, "", location.pathname);
  return place;
}
