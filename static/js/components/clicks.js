/** Clicks on what says what it is for (`data-act` and others): to that one of a conversation's ways that it means. */

/** @typedef {import("./chat.js").Chat} Chat */

const NAMED = "[data-act], [data-act-with], [data-edit], [data-load-older], [data-message-menu], [data-show]";

/** @param {Chat} chat */
export function hearClicks(chat) {
  chat.element.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target.closest(NAMED) : null;
    if (!(target instanceof HTMLElement)) return;
    event.preventDefault();
    clicked(chat, target);
  });
}

/** @param {Chat} chat @param {HTMLElement} target */
function clicked(chat, target) {
  const { act, actWith, edit, messageMenu, show } = target.dataset;
  const message = /** @type {HTMLElement | null} */ (target.closest("[data-message]"))?.dataset.id ?? "";
  if (act) busy(target, chat.act(act, message));
  else if (actWith) chat.asking.composer.pick(target, (chosen) => chat.act(actWith, message, { also: undefined, ...chosen }));
  else if (show) busy(target, chat.showSibling(target));
  else if (edit !== undefined) chat.edit(message);
  else if (messageMenu !== undefined) import("./message_menu.js").then(({ openMessageMenu }) => openMessageMenu(chat, target));
  else busy(target, chat.loadOlder());
}

/** @param {HTMLElement} button @param {Promise<unknown>} work */
async function busy(button, work) {
  button.setAttribute("aria-busy", "true");
  await work.finally(() => button.removeAttribute("aria-busy"));
}
