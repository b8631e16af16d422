/** Where every page's scripts begin: each part starts where its element is. */

import { startSidebar } from "./components/sidebar.js";

startSidebar();

const history = document.querySelector("[data-history]");
if (history) {
  const [{ History }, { offerPendingUndo }] = await Promise.all([import("./components/history.js"), import("./components/deleting.js")]);
  new History(/** @type {HTMLElement} */ (history)).watch();
  offerPendingUndo();
}

const chat = document.querySelector("[data-chat]");
if (chat) {
  const { Chat } = await import("./components/chat.js");
  new Chat(/** @type {HTMLElement} */ (chat)).start();
}
