/** Where a reader was in a conversation: kept when the page goes, found again by Back, by Forward and by a reload. */

/** @typedef {{ message: string, top: number }} Place `top` in pixels below the scroller's own top */

const PREFIX = "chatsite.place."; // in sessionStorage: each tab has its own

/**
 * Keep the place whenever the page goes; nothing while its end is in view.
 * @param {import("./scroll.js").Scroll} scroll
 * @param {() => string} id of the conversation
 */
export function keepPlace(scroll, id) {
  addEventListener("pagehide", () => {
    const place = scroll.atEnd ? null : placeIn(scroll.scroller);
    try {
      if (place) sessionStorage.setItem(PREFIX + id(), JSON.stringify(place));
      else sessionStorage.removeItem(PREFIX + id());
    } catch {
      // refused: the next page begins at the end
    }
  });
}

/** The place that was kept, when this page is the same visit as the one before it. @param {string} id @returns {Place | null} */
export function keptPlace(id) {
  const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  if (visit?.type !== "back_forward" && visit?.type !== "reload") return null;
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + id) ?? "null");
  } catch {
    return null;
  }
}

/** The first message that is in view. @param {Element} scroller @returns {Place | null} */
function placeIn(scroller) {
  const start = scroller.getBoundingClientRect().top;
  const messages = /** @type {HTMLElement[]} */ ([...scroller.querySelectorAll("[data-message][data-id]")]);
  const first = messages.find((message) => message.getBoundingClientRect().bottom > start);
  return first ? { message: first.dataset.id ?? "", top: first.getBoundingClientRect().top - start } : null;
}
