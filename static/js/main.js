/** Where every page's scripts begin: each part starts where its element is. */

import { belongTo, forgetAll, justDeleted, read, readJson } from "./lib/site.js";

const YEAR = 31_536_000; // seconds

belongTo(document.body.dataset.person ?? "");
document.querySelector("[data-sign-out]")?.addEventListener("submit", forgetAll);

/** The sidebar, hidden and shown again on a wide screen. As a drawer on a narrow one it needs no script. */
for (const button of document.querySelectorAll("[data-side-toggle]")) {
  button.addEventListener("click", () => {
    const root = document.documentElement;
    const closed = root.dataset.side === "closed";
    if (closed) delete root.dataset.side;
    else root.dataset.side = "closed";
    // A cookie, so that the server draws the next page right from the start.
    document.cookie = `side=${closed ? "open" : "closed"}; path=/; max-age=${YEAR}; samesite=lax`;
    const other = [...document.querySelectorAll("[data-side-toggle]")].find((one) => one !== button);
    /** @type {HTMLElement | undefined} */ (other)?.focus();
  });
}

/** Keys that are heard wherever one is; what they do comes with the first of them (components/keys.js). */
const SINGLE = /^[?/.jkcermgosifb[\]]$/;
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229 || event.altKey) return;
  const { key, ctrlKey, metaKey, shiftKey } = event;
  const open = document.querySelector("dialog[open], [popover]:popover-open");
  if ((ctrlKey || metaKey) && key.toLowerCase() === (shiftKey ? "o" : "k")) {
    event.preventDefault();
    if (shiftKey) location.assign("/");
    else import("./components/palette.js").then(({ togglePalette }) => togglePalette());
  } else if ((ctrlKey || metaKey) && key === "/") {
    event.preventDefault();
    /** @type {HTMLElement | null} */ (document.querySelector("[data-parameters]"))?.click();
  } else if (key === "Escape" && !open) {
    /** @type {HTMLElement | null} */ (document.querySelector("[data-stop]:not([hidden])"))?.click();
  } else if (SINGLE.test(key) && !ctrlKey && !metaKey && !open && read("keys") !== "off" && !(event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]"))) {
    event.preventDefault();
    import("./components/keys.js").then(({ press }) => press(key));
  }
});
document.querySelector("[data-palette]")?.addEventListener("click", async (event) => {
  if (/** @type {MouseEvent} */ (event).ctrlKey || /** @type {MouseEvent} */ (event).metaKey) return;
  event.preventDefault();
  const { togglePalette } = await import("./components/palette.js");
  togglePalette();
});

const chat = document.querySelector("[data-chat]");
if (chat) {
  const { Asking } = await import("./components/asking.js");
  new Asking(/** @type {HTMLElement} */ (chat)).start();
}

/** Parameters: what they are comes with the first press; without scripts the button is a link to their page. */
const parameters = /** @type {HTMLAnchorElement | null} */ (document.querySelector("[data-parameters]"));
if (parameters) {
  /** @param {import("./models/events.js").Summary} summary what it counts for in an estimate is money.js's to know */
  const show = ({ count, tokens, answers }) => {
    Object.assign(parameters.dataset, { tokens, answers });
    const badge = /** @type {HTMLElement} */ (parameters.querySelector("[data-parameter-count]"));
    badge.textContent = count ? String(count) : "";
    badge.hidden = !count;
  };
  parameters.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { toggle } = await import("./components/parameters.js");
    toggle(parameters);
  });
  addEventListener("chatsite:parameters", (event) => show(/** @type {CustomEvent} */ (event).detail));
  addEventListener("chatsite:current", (event) => { parameters.href = `/c/${/** @type {CustomEvent<string>} */ (event).detail}/parameters/`; });
  const prepared = location.pathname === "/" && readJson("parameters", null); // for a conversation that is about to begin
  if (prepared) show(prepared);
}

if (document.querySelector("[data-parameter-form]")) import("./components/parameter_form.js");

const files = document.querySelector("[data-files-page]");
if (files) import("./components/files_page.js").then(({ FilesPage }) => new FilesPage(/** @type {HTMLElement} */ (files)));

// Money in passing, where it is shown: with the first word that is written, or with the first answer.
if (chat && document.body.dataset.money) {
  /** @type {Promise<void> | undefined} */
  let money;
  const load = () => { money ??= import("./components/money.js").then(({ Money }) => void new Money(/** @type {HTMLElement} */ (chat)), () => { money = undefined; }); };
  chat.addEventListener("input", load, { once: true });
  addEventListener("chatsite:current", load, { once: true });
  if (/** @type {HTMLElement} */ (chat).dataset.conversation) load();
}

addEventListener("chatsite:me", async (event) => {
  const { balance } = /** @type {CustomEvent<{ balance?: { available: number } }>} */ (event).detail;
  const place = document.querySelector("[data-balance]");
  if (!balance || !place) return;
  const { shortAmount } = await import("./lib/money.js");
  const shown = shortAmount(balance.available, document.body.dataset.money ?? "");
  if (shown) place.textContent = shown;
});

const odds = document.querySelector("[data-odds]");
if (odds) import("./components/odds.js").then(({ wakeOdds }) => wakeOdds(odds));

const list = document.querySelector("[data-history]");
if (list) {
  const { History } = await import("./components/history.js");
  new History(/** @type {HTMLElement} */ (list)).watch();
}

const deleted = list && justDeleted();
if (deleted) {
  const { offerUndo } = await import("./components/deleting.js");
  offerUndo(JSON.parse(deleted), true);
}

// A copy button beside a field of a form, or a `pre`; those of messages are their own.
document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-copy-field], [data-copy-code]") : null;
  const place = button?.closest("[data-copy-from]") ?? button?.parentElement;
  const source = place?.querySelector("input, textarea, pre");
  if (!button || !source) return;
  const { copyNow } = await import("./components/copy.js");
  copyNow(/** @type {HTMLElement} */ (button), "value" in source ? String(source.value) : source.textContent ?? "");
});
