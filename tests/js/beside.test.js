/** Answers side by side in the state of a conversation: which stand there, and what each event makes of them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { inOrder, whom } from "../../static/js/models/beside.js";
import { absorb, apply, EMPTY, liveRuns } from "../../static/js/models/conversation.js";
import { textOf } from "../../static/js/models/events.js";
import { answer, CONVERSATION, message, run, snapshot } from "./make.js";

const IDS = ["a", "b", "c"];
const time = (id) => ({ created_at: `2026-11-20T10:00:00.00000${IDS.indexOf(id)}+00:00` });
const three = (ids = IDS) => ids.map((id) => answer(id, { parent: "q", beside: "a", siblings: ids, ...time(id) }));
const created = (one) => ({ type: "message.created", message: one });
const updated = (fields) => ({ type: "conversation.updated", conversation: { ...CONVERSATION, ...fields } });
const asked = () => {
  const events = [snapshot(), created(message("q")), ...three().map(created)];
  const runs = IDS.map((id) => ({ type: "run.started", run: run(id) }));
  return [...events, ...runs, updated({ leaf: "a", beside: true })].reduce(apply, EMPTY);
};
const ids = (list) => list.map((one) => one.id);

test("new answers of one question stand beside the first, and nothing has to be asked for", () => {
  const state = asked();
  assert.deepEqual([ids(state.messages), ids(state.beside), state.gap], [["q", "a"], ["b", "c"], false]);
  assert.deepEqual(ids(inOrder(state)), IDS);
  assert.equal(liveRuns(state).length, 3);
});

test("a snapshot says the same", () => {
  const [first, ...others] = three();
  const state = apply(EMPTY, snapshot([message("q"), first], IDS.map((id) => run(id)), { beside: others }));
  assert.deepEqual([ids(state.messages), ids(state.beside)], [["q", "a"], ["b", "c"]]);
});

test("each grows by itself", () => {
  const state = ["c", "a", "c"].reduce((before, id, index) => {
    const seq = index === 2 ? 2 : 1;
    return apply(before, { type: "message.delta", run: `run-${id}`, message: id, seq, text: `${id}${seq} ` });
  }, asked());
  assert.deepEqual(inOrder(state).map((one) => textOf(one)), ["a1 ", "", "c1 c2 "]);
  assert.equal(state.gap, false);
});

test("the one that is gone on with ends the branch alone", () => {
  const state = apply(asked(), updated({ leaf: "b", beside: false }));
  assert.deepEqual([ids(state.messages), state.beside, state.gap], [["q", "b"], [], false]);
  assert.deepEqual(liveRuns(state).map((one) => one.message), ["b"]);
});

test("when another of them ends the branch, all of them stay", () => {
  const state = apply(asked(), updated({ leaf: "c", beside: true }));
  assert.deepEqual([ids(state.messages), ids(inOrder(state)), state.gap], [["q", "c"], IDS, false]);
});

test("a message that follows the branch takes them away", () => {
  const state = apply(asked(), created(message("next", { parent: "a" })));
  assert.deepEqual([ids(state.messages), state.beside], [["q", "a", "next"], []]);
});

test("those that the server never began go", () => {
  const ended = { type: "run.finished", run: "run-c", message: "c", status: "cancelled", finish_reason: null, usage: null, cost: null, cost_marks: [], length: 0 };
  const [, left] = three(["a", "b"]);
  const state = [ended, { type: "message.updated", message: { ...left, status: "completed" } }].reduce(apply, asked());
  assert.deepEqual([ids(state.messages), ids(state.beside), state.gap], [["q", "a"], ["b"], false]);
});

test("an answer that joins what once stood side by side asks for those that are not known", () => {
  const chosen = apply(asked(), updated({ leaf: "b", beside: false }));
  const joins = answer("d", { parent: "q", beside: "a", siblings: [...IDS, "d"] });
  const state = [created(joins), updated({ leaf: "d", beside: true })].reduce(apply, chosen);
  assert.equal(state.gap, true);
});

test("the answer to a command starts every run", () => {
  const made = { run: run("a"), runs: IDS.map((id) => run(id)), messages: [message("q"), ...three()] };
  const state = absorb(apply(EMPTY, snapshot()), made);
  assert.deepEqual([ids(inOrder(state)), Object.keys(state.runs).length], [IDS, 3]);
});

test("one that is deleted goes alone", () => {
  const state = apply(asked(), { type: "message.deleted", message: "b" });
  assert.deepEqual([ids(state.messages), ids(state.beside)], [["q", "a"], ["c"]]);
});

test("what is written again there stays in company, by the composer's model where it is the last", () => {
  const target = { model_id: "m" };
  const state = asked();
  assert.deepEqual(whom(state, "regenerate", "a", target), { model_id: "m", beside: true });
  assert.deepEqual(whom(state, "regenerate", "b", target), { beside: true });
  assert.deepEqual(whom(apply(state, updated({ leaf: "b", beside: false })), "regenerate", "b", target), { model_id: "m" });
  assert.deepEqual([whom(state, "edit", "q", target), whom(state, "continue", "a", target)], [target, {}]);
});
