/** Where every page's scripts begin: each part starts where its element is. */

import { startSidebar } from "./components/sidebar.js";
import { belongTo, forgetAll } from "./lib/storage.js";

belongTo(document.body.dataset.person ?? "");
document.querySelector("[data-sign-out]")?.addEventListener("submit", forgetAll);
startSidebar();

const list = document.querySelector("[data-history]");
if (list) {
  const [{ History }, { offerPendingUndo }] = await Promise.all([import("./components/history.js"), import("./components/deleting.js")]);
  new History(/** @type {HTMLElement} */ (list)).watch();
  offerPendingUndo();
}

const chat = document.querySelector("[data-chat]");
if (chat) {
  const { Chat } = await import("./components/chat.js");
  new Chat(/** @type {HTMLElement} */ (chat)).start();
}
