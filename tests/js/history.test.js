/** The reducer of the sidebar. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { append, apply, EMPTY } from "../../static/js/models/history.js";

const one = (id, hour, fields = {}) => ({ id, title: id, leaf: null, url: `/c/${id}/`, updated_at: `2026-11-20T${hour}:00:00+00:00`, running: false, ...fields });
const snapshot = (...conversations) => ({ type: "me.snapshot", conversations });
const ids = (state) => state.conversations.map((conversation) => conversation.id);
const known = () => apply(EMPTY, snapshot(one("b", "11"), one("a", "10")));

test("a snapshot is the list", () => {
  assert.deepEqual(ids(known()), ["b", "a"]);
  assert.deepEqual(ids(apply(known(), snapshot(one("c", "12")))), ["c"]);
});

test("a full snapshot keeps the older ones that are already shown", () => {
  const fifty = Array.from({ length: 50 }, (_, index) => one(`n${index}`, "12"));
  const state = apply(known(), snapshot(...fifty));
  assert.deepEqual(ids(state).slice(-2), ["b", "a"]);
});

test("a new conversation comes first", () => {
  assert.deepEqual(ids(apply(known(), { type: "conversation.created", conversation: one("c", "12") })), ["c", "b", "a"]);
});

test("a conversation that was written in moves up, with its ring", () => {
  const state = apply(known(), { type: "conversation.updated", conversation: one("a", "13", { running: true }) });
  assert.deepEqual(ids(state), ["a", "b"]);
  assert.equal(state.conversations[0].running, true);
});

test("a new title leaves a conversation where it is", () => {
  const state = apply(known(), { type: "conversation.updated", conversation: { id: "a", title: "New", leaf: null } });
  assert.deepEqual(ids(state), ["b", "a"]);
  assert.deepEqual([state.conversations[1].title, state.conversations[1].url], ["New", "/c/a/"]);
});

test("a deleted conversation goes, and comes back to its place", () => {
  const gone = apply(known(), { type: "conversation.deleted", conversation: { id: "b" } });
  assert.deepEqual(ids(gone), ["a"]);
  assert.deepEqual(ids(apply(gone, { type: "conversation.created", conversation: one("b", "11") })), ["b", "a"]);
  assert.equal(apply(gone, { type: "conversation.deleted", conversation: { id: "b" } }), gone);
});

test("what is no event of the list changes nothing", () => {
  const state = known();
  for (const type of ["pong", "error", "message.delta", "constructor"]) assert.equal(apply(state, { type }), state);
});

test("older ones are put below, each once; whether there are more is what the page says", () => {
  const page = { conversations: [one("a", "10"), one("z", "09")], has_older: true };
  const state = append(known(), page);
  assert.deepEqual(ids(state), ["b", "a", "z"]);
  assert.equal(state.hasOlder, true);
  assert.equal(append(state, { conversations: [], has_older: false }).hasOlder, false);
});

test("there may be more below a full snapshot, and what is known of that stays with the next one", () => {
  assert.equal(known().hasOlder, false);
  const fifty = Array.from({ length: 50 }, (_, index) => one(`n${index}`, "12"));
  const full = apply(EMPTY, snapshot(...fifty));
  assert.equal(full.hasOlder, true);
  const all = append(full, { conversations: [one("a", "10")], has_older: false });
  assert.equal(apply(all, snapshot(...fifty)).hasOlder, false);
});

test("an answer that ended is unread until it was seen", () => {
  const news = apply(known(), { type: "conversation.updated", conversation: one("a", "10", { unread: true }) });
  assert.equal(news.conversations[1].unread, true);
  const seen = apply(news, { type: "conversation.updated", conversation: one("a", "10", { unread: false }) });
  assert.equal(seen.conversations[1].unread, false);
});

test("one from further below waits for its helping, so that those above it are fetched too", () => {
  const state = append(known(), { conversations: [one("z", "09")], has_older: true });
  assert.equal(apply(state, { type: "conversation.updated", conversation: one("old", "01") }), state);
  assert.equal(apply(state, { type: "conversation.updated", conversation: { id: "old", title: "t", leaf: null } }), state);
  assert.deepEqual(ids(apply(state, { type: "conversation.updated", conversation: one("old", "13") })), ["old", "b", "a", "z"]);
});
