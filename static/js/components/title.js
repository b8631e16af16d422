/** The tab's title: the conversation's, with a dot before it while an answer waits that ended when nobody looked. */

const NEWS = "● ";

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") document.title = plain();
});

/** @param {string} title of the conversation */
export function showTitle(title) {
  document.title = `${document.title === plain() ? "" : NEWS}${title} · Chatsite`;
}

/** An answer has ended. */
export function answered() {
  if (document.visibilityState !== "visible") document.title = NEWS + plain();
}

function plain() {
  return document.title.startsWith(NEWS) ? document.title.slice(NEWS.length) : document.title;
}
