/** Deleting a conversation, and putting it elsewhere: done at once, with Undo in a toast. */

import { CommandError, justDeleted, post, word } from "../lib/site.js";
import { toast } from "./toasts.js";

/**
 * @param {{ id: string, title: string }} conversation
 * @param {boolean} shown this page shows it
 * @returns {Promise<boolean>} whether it is deleted
 */
export async function deleteConversation(conversation, shown) {
  try {
    await post(`/c/${conversation.id}/delete/`);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    toast(word("failed_action", { reason: error.sentence }));
    return false;
  }
  if (!shown) {
    offerUndo(conversation);
    return true;
  }
  justDeleted(JSON.stringify(conversation));
  location.assign("/");
  return true;
}

/** @param {{ id: string, title: string }} conversation @param {boolean} [goBack] it was the shown one */
export function offerUndo({ id, title }, goBack = false) {
  toast(word("deleted", { title: title || word("untitled") }), {
    label: word("undo"),
    run: async () => {
      await post(`/c/${id}/restore/`).catch(() => toast(word("failed_action", { reason: "" })));
      if (goBack) location.assign(`/c/${id}/`);
    },
  });
}

/** Pin, unpin, archive or unarchive it. @param {string} id @param {string} action @returns {Promise<any>} null when it was refused */
export async function put(id, action) {
  try {
    const { conversation } = await post(`/c/${id}/${action}/`);
    const title = conversation.title || word("untitled");
    if (action === "archive") toast(word("archived", { title }), { label: word("undo"), run: () => void put(id, "unarchive") });
    return conversation;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    toast(word("failed_action", { reason: error.sentence }));
    return null;
  }
}
