/** The balance page, kept true: when money moves, its parts are fetched anew from the server, which alone draws them. */

const REST = 400; // milliseconds: an answer's charge and the release of its hold come together

const page = document.querySelector("[data-balance-page]");
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;

addEventListener("chatsite:me", (event) => {
  const { type } = /** @type {CustomEvent<{ type: string }>} */ (event).detail;
  if (!page || type !== "balance.updated") return;
  clearTimeout(waiting);
  waiting = setTimeout(refresh, REST);
});

function refresh() {
  const request = new XMLHttpRequest(); // it parses the page without running anything in it
  request.open("GET", location.href);
  request.responseType = "document";
  request.addEventListener("load", () => request.status === 200 && request.response && show(request.response));
  request.send();
}

/** @param {Document} fresh the page as it would be drawn now */
function show(fresh) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const name = /** @type {HTMLElement} */ (part).dataset.live;
    const other = fresh.querySelector(`[data-live="${name}"]`);
    if (!other || part.contains(document.activeElement)) continue; // nothing moves under a finger
    const open = part.querySelector("details")?.open ?? false;
    part.replaceChildren(...[...other.childNodes].map((node) => document.adoptNode(node)));
    part.querySelector("details")?.toggleAttribute("open", open);
  }
}
