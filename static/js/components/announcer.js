/** Tells screen readers what happened, politely: at most one thing in two seconds, the latest of each kind. */

const PAUSE = 2_000;

/** @type {string[]} */
let waiting = [];
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {string} text */
export function announce(text) {
  const said = text.trim();
  if (said) waiting.push(said);
  if (timer === undefined) speak();
}

function speak() {
  timer = undefined;
  const region = document.querySelector("[data-announcer]");
  if (!region || waiting.length === 0) return;
  // What piled up is told as one: a reader cannot be faster than speech.
  region.textContent = waiting.join(" ");
  waiting = [];
  timer = setTimeout(speak, PAUSE);
}
