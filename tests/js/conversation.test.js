/** The reducer of a conversation, event by event: what it adds, what it drops, when it asks for a snapshot. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { absorb, apply, APPLIED, codePoints, EMPTY, liveRuns, prepend } from "../../static/js/models/conversation.js";
import { EVENT_TYPES, textOf } from "../../static/js/models/events.js";
import { answer, CONVERSATION, message, run, snapshot } from "./make.js";

const asked = () => [message("q", { client_id: "k" }), answer("a", { parent: "q" })];
const live = () => [snapshot(asked(), [run("a")])].reduce(apply, EMPTY);
const delta = (seq, text, fields = {}) => ({ type: "message.delta", run: "run-a", message: "a", seq, text, ...fields });
const finished = (length, fields = {}) => ({
  type: "run.finished", run: "run-a", message: "a", status: "completed", finish_reason: "stop", usage: null, cost: null, length, ...fields,
});
const last = (state) => state.messages.at(-1);

test("the reducer knows exactly the events of the protocol", () => {
  const written = readFileSync(new URL("../../docs/protocol.md", import.meta.url), "utf8");
  const section = written.slice(written.indexOf("## Events"), written.indexOf("## Objects"));
  const promised = [...section.matchAll(/^\| `([a-z_.]+)` \|/gm)].map((match) => match[1]).sort();
  assert.deepEqual([...EVENT_TYPES], promised);
  assert.deepEqual([...APPLIED], promised);
});

test("a snapshot replaces what was shown", () => {
  const state = apply(live(), snapshot([message("x")], [], { has_older: true }));
  assert.deepEqual(state.messages.map((one) => one.id), ["x"]);
  assert.deepEqual([state.runs, state.hasOlder, state.known, state.gap], [{}, true, true, false]);
});

test("parameters that were changed are news each time, those of another conversation never", () => {
  const event = { type: "parameters.updated", conversation: "c1", count: 2, tokens: 7, answers: 1 };
  const once = apply(live(), event);
  const twice = apply(once, event);
  assert.deepEqual(once.conversation.parameters, { count: 2, tokens: 7, answers: 1 });
  assert.notEqual(twice.conversation.parameters, once.conversation.parameters);
  assert.equal(apply(once, { ...event, conversation: "c2" }), once);
});

test("a snapshot that says nothing new keeps the very messages that are there", () => {
  const before = live();
  const after = apply(before, snapshot(asked(), [run("a")]));
  assert.equal(after.messages[0], before.messages[0]);
  assert.equal(after.messages[1], before.messages[1]);
});

test("a snapshot keeps older messages that were fetched, while they lead to its first one", () => {
  const page = [message("3", { parent: "2" }), message("4", { parent: "3" })];
  const first = apply(EMPTY, snapshot(page, [], { has_older: true }));
  const fetched = prepend(first, { messages: [message("1"), message("2", { parent: "1" })], has_older: false });
  const again = apply(fetched, snapshot(page, [], { has_older: true }));
  assert.deepEqual(again.messages.map((one) => one.id), ["1", "2", "3", "4"]);
  assert.equal(again.hasOlder, false);
  const elsewhere = apply(fetched, snapshot([message("9", { parent: "8" })], [], { has_older: true }));
  assert.deepEqual(elsewhere.messages.map((one) => one.id), ["9"]);
});

test("text is appended in order and counted", () => {
  const state = [delta(1, "Hel"), delta(2, "lo")].reduce(apply, live());
  assert.equal(textOf(last(state)), "Hello");
  assert.equal(last(state).status, "in_progress");
  assert.equal(state.runs["run-a"].seq, 2);
});

test("a delta that was seen is dropped, and the state is the same object", () => {
  const state = apply(live(), delta(1, "x"));
  assert.equal(apply(state, delta(1, "x")), state);
});

test("a hole asks for a snapshot and adds nothing", () => {
  const state = apply(live(), delta(2, "late"));
  assert.equal(state.gap, true);
  assert.equal(textOf(last(state)), "");
});

test("a delta of a run that nobody has heard of asks for a snapshot", () => {
  const state = apply(EMPTY, snapshot(asked()));
  assert.equal(apply(state, delta(1, "x")).gap, true);
});

test("a delta of another branch is not ours", () => {
  const state = live();
  assert.equal(apply(state, delta(1, "x", { run: "run-z", message: "z" })), state);
});

test("reasoning has its own counter and its own part", () => {
  const thought = { type: "reasoning.delta", run: "run-a", message: "a", reasoning_seq: 1, text: "hmm" };
  const state = [thought, delta(1, "so")].reduce(apply, live());
  assert.equal(textOf(last(state), "reasoning"), "hmm");
  assert.equal(textOf(last(state)), "so");
  assert.deepEqual([state.runs["run-a"].seq, state.runs["run-a"].reasoning_seq], [1, 1]);
});

test("what one event does not touch stays the same object", () => {
  const before = live();
  const after = apply(before, delta(1, "x"));
  assert.equal(after.messages[0], before.messages[0]);
  assert.notEqual(after.messages[1], before.messages[1]);
  assert.equal(before.messages[1].parts.length, 0, "the old state is untouched");
});

test("the end of a run settles the message and takes the run away", () => {
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, cached_tokens: null, reasoning_tokens: null };
  const state = [delta(1, "Hi 🐝"), finished(4, { usage })].reduce(apply, live());
  assert.deepEqual([last(state).status, last(state).finish_reason, last(state).usage], ["completed", "stop", usage]);
  assert.deepEqual([state.runs, state.gap, liveRuns(state)], [{}, false, []]);
});

test("an end whose length is not ours asks for a snapshot", () => {
  assert.equal([delta(1, "Hi"), finished(3)].reduce(apply, live()).gap, true);
});

test("a failure keeps the text", () => {
  const error = { code: "upstream_broken_off", message: "It broke off.", data: {} };
  const failed = { type: "run.failed", run: "run-a", message: "a", status: "failed", error };
  const state = [delta(1, "Half"), failed].reduce(apply, live());
  assert.deepEqual([textOf(last(state)), last(state).status, last(state).error], ["Half", "failed", error]);
  assert.deepEqual(state.runs, {});
});

test("events of a run that has ended are dropped", () => {
  const ended = [delta(1, "Hi"), finished(2)].reduce(apply, live());
  for (const late of [delta(2, "!"), finished(3), { type: "run.started", run: run("a") }, { type: "run.updated", run: run("a") }]) {
    assert.equal(apply(ended, late), ended, late.type);
  }
});

test("a waiting retry is shown, and the counters stay", () => {
  const retry = run("a", { status: "in_progress", attempt: 2, retry_at: "2026-11-20T10:00:20+00:00", seq: 0 });
  const state = [delta(1, "x"), { type: "run.updated", run: retry }].reduce(apply, live());
  assert.deepEqual([state.runs["run-a"].attempt, state.runs["run-a"].seq], [2, 1]);
  assert.equal(apply(state, delta(2, "y")).runs["run-a"].retry_at, null);
});

test("a message that follows the end of the branch is added once", () => {
  const next = message("q2", { parent: "a" });
  const state = apply(live(), { type: "message.created", message: next });
  assert.deepEqual(state.messages.map((one) => one.id), ["q", "a", "q2"]);
  assert.equal(apply(state, { type: "message.created", message: next }), state);
});

test("a sibling takes the place of what followed its parent, whose runs are no longer ours", () => {
  const state = apply(live(), { type: "message.created", message: answer("b", { parent: "q" }) });
  assert.deepEqual(state.messages.map((one) => one.id), ["q", "b"]);
  assert.deepEqual(state.runs, {});
});

test("an edited first question is a new beginning", () => {
  const state = apply(live(), { type: "message.created", message: message("n") });
  assert.deepEqual(state.messages.map((one) => one.id), ["n"]);
});

test("a message that fits nowhere asks for a snapshot", () => {
  assert.equal(apply(live(), { type: "message.created", message: message("n", { parent: "unknown" }) }).gap, true);
  const partly = apply(EMPTY, snapshot(asked(), [], { has_older: true }));
  assert.equal(apply(partly, { type: "message.created", message: message("n") }).gap, true, "the first is not shown");
});

test("an updated message replaces its parts; in mid-run its counters as well", () => {
  const parts = [{ type: "reasoning", text: "moved" }];
  const facts = { ...answer("a", { parent: "q", parts, status: "in_progress" }), seq: 7, reasoning_seq: 3 };
  const state = [delta(1, "moved"), { type: "message.updated", message: facts }].reduce(apply, live());
  assert.deepEqual(last(state).parts, parts);
  assert.equal("seq" in last(state), false);
  assert.deepEqual([state.runs["run-a"].seq, state.runs["run-a"].reasoning_seq], [7, 3]);
  assert.equal(textOf(last(apply(state, delta(8, "on")))), "on");
});

test("an answer that is continued grows on under a new run", () => {
  const cut = [delta(1, "Half"), finished(4, { status: "incomplete", finish_reason: "length" })].reduce(apply, live());
  const queued = { ...last(cut), status: "queued", run: "run-2" };
  const goesOn = [
    { type: "message.updated", message: queued },
    { type: "run.started", run: run("a", { id: "run-2" }) },
    { type: "message.delta", run: "run-2", message: "a", seq: 1, text: " more" },
  ].reduce(apply, cut);
  assert.equal(textOf(last(goesOn)), "Half more");
  assert.equal(liveRuns(goesOn)[0].id, "run-2");
});

test("a new title and a moved leaf", () => {
  const renamed = { type: "conversation.updated", conversation: { ...CONVERSATION, title: "Wasps", leaf: "a" } };
  const state = apply(live(), renamed);
  assert.deepEqual([state.conversation.title, state.gap], ["Wasps", false]);
  const moved = { ...renamed, conversation: { ...renamed.conversation, leaf: "elsewhere" } };
  assert.equal(apply(state, moved).gap, true);
});

test("another conversation's events are not ours", () => {
  const state = live();
  for (const type of ["conversation.created", "conversation.updated", "conversation.deleted"]) {
    assert.equal(apply(state, { type, conversation: { id: "other", title: "", leaf: null } }), state, type);
  }
});

test("deleted, and restored", () => {
  const deleted = apply(live(), { type: "conversation.deleted", conversation: CONVERSATION });
  assert.equal(deleted.deleted, true);
  assert.equal(apply(deleted, { type: "conversation.created", conversation: CONVERSATION }).deleted, false);
});

test("what is no event of ours changes nothing", () => {
  const state = live();
  for (const type of ["me.snapshot", "pong", "error", "of.tomorrow", "toString"]) {
    assert.equal(apply(state, { type }), state, type);
  }
});

test("the answer to a command may come before its events", () => {
  const first = absorb({ ...EMPTY, known: true, conversation: CONVERSATION }, { run: run("a"), messages: asked() });
  const after = [{ type: "message.created", message: asked()[0] }, { type: "run.started", run: run("a") }, delta(1, "x")].reduce(apply, first);
  assert.deepEqual(after.messages.map((one) => one.id), ["q", "a"]);
  assert.equal(textOf(last(after)), "x");
});

test("the answer to a command may come after its events, and takes nothing back", () => {
  const further = [delta(1, "far"), finished(3)].reduce(apply, live());
  assert.equal(absorb(further, { run: run("a"), messages: asked() }), further);
});

test("code points are counted as the server counts them", () => {
  for (const [text, count] of [["", 0], ["abc", 3], ["🐝", 1], ["a🐝b", 3], ["\ud83d", 1], ["\udc1d\ud83d", 2], ["👩‍👩‍👧", 5]]) {
    assert.equal(codePoints(text), count, JSON.stringify(text));
    assert.equal(codePoints(text), [...text].length);
  }
});

test("a deleted message goes with what follows it, its run too", () => {
  const state = apply(EMPTY, snapshot([message("q1"), answer("a1", { parent: "q1" }), message("q2", { parent: "a1" })], [run("a1")]));
  const next = apply(state, { type: "message.deleted", message: "a1" });
  assert.deepEqual(next.messages.map(({ id }) => id), ["q1"]);
  assert.deepEqual(next.runs, {});
  assert.equal(apply(next, { type: "conversation.updated", conversation: { ...CONVERSATION, leaf: "q1" } }).gap, false);
});

test("one that stood beside a shown one leaves its place, and another branch's changes nothing", () => {
  const state = apply(EMPTY, snapshot([message("q1", { siblings: ["q0", "q1"] }), message("q2", { parent: "q1" })]));
  const next = apply(state, { type: "message.deleted", message: "q0" });
  assert.deepEqual(next.messages.map(({ siblings }) => siblings), [["q1"], ["q2"]]);
  assert.equal(next.messages[1], state.messages[1]);
  assert.equal(apply(state, { type: "message.deleted", message: "elsewhere" }), state);
});

test("the answer to a command that made no run is a message", () => {
  const state = apply(EMPTY, snapshot([message("q1")]));
  const next = absorb(state, { run: null, messages: [message("t1", { parent: "q1", by_hand: true })] });
  assert.deepEqual(next.messages.map(({ id }) => id), ["q1", "t1"]);
  assert.deepEqual(next.runs, {});
});
