/** The reducer of the sidebar. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { apply, EMPTY } from "../../static/js/models/history.js";

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

test("the progress of a job", () => {
  const state = apply(known(), { type: "job.progress", job: "j", done: 1, total: 3 });
  assert.deepEqual(state.jobs, { j: { done: 1, total: 3 } });
});

test("what is no event of the list changes nothing", () => {
  const state = known();
  for (const type of ["pong", "error", "message.delta", "constructor"]) assert.equal(apply(state, { type }), state);
});
