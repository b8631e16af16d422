/** Messages, runs and snapshots for the tests, whole as on the wire. */

export const CONVERSATION = { id: "c1", title: "Bees", leaf: null };

export function message(id, fields = {}) {
  return {
    id, parent: null, role: "user", client_id: null, run: null, parts: [{ type: "text", text: id }], status: "completed",
    error: null, model_id: null, finish_reason: null, usage: null, cost: null, cost_marks: [], by_hand: false, created_at: "2026-11-20T10:00:00+00:00",
    siblings: [id], ...fields,
  };
}

export function answer(id, fields = {}) {
  return message(id, { role: "assistant", run: `run-${id}`, parts: [], status: "queued", model_id: "m", ...fields });
}

export function run(messageId, fields = {}) {
  return {
    id: `run-${messageId}`, conversation: "c1", message: messageId, status: "queued", seq: 0, reasoning_seq: 0, attempt: 1,
    retry_at: null, model_id: "m", provider: "p", started_at: null, error: null, ...fields,
  };
}

export function snapshot(messages = [], runs = [], fields = {}) {
  const leaf = messages.at(-1)?.id ?? null;
  return { type: "conversation.snapshot", conversation: { ...CONVERSATION, leaf }, messages, runs, has_older: false, ...fields };
}
