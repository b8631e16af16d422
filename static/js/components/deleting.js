/** Deleting a conversation: done at once, with Undo in a toast, on the next page when this one was the conversation's. */

import { CommandError, post } from "../lib/http.js";
import { word } from "../lib/words.js";
import { toast } from "./toasts.js";

const KEY = "chatsite.deleted";

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
    toast(word("failed_action", { reason: error.message || word("unreachable") }));
    return false;
  }
  if (!shown) {
    offerUndo(conversation);
    return true;
  }
  try {
    sessionStorage.setItem(KEY, JSON.stringify(conversation));
  } catch {
    // refused: there is no Undo on the next page
  }
  location.assign("/");
  return true;
}

/** On the page after: what was just deleted can come back. */
export function offerPendingUndo() {
  try {
    const stored = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    if (stored) offerUndo(JSON.parse(stored), true);
  } catch {
    // refused, or not ours
  }
}

/** @param {{ id: string, title: string }} conversation @param {boolean} [goBack] */
function offerUndo({ id, title }, goBack = false) {
  toast(word("deleted", { title: title || word("untitled") }), {
    label: word("undo"),
    run: async () => {
      await post(`/c/${id}/restore/`).catch(() => toast(word("failed_action", { reason: "" })));
      if (goBack) location.assign(`/c/${id}/`);
    },
  });
}
