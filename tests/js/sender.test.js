/** Questions on their way: one after the other, never lost, never twice. */

import assert from "node:assert/strict";
import { test } from "node:test";

import * as outbox from "../../static/js/models/sender.js";
import { Sender } from "../../static/js/models/sender.js";

/** A site that answers each delivery when the test says so. */
function site() {
  const world = { busyNow: false, onlineNow: true, delivered: [], answers: [], refusals: [], stored: [] };
  const sender = new Sender({
    deliver: (question) => new Promise((resolve) => {
      world.delivered.push(question.client_id);
      world.answers.push(resolve);
    }),
    accepted: () => { world.busyNow = true; },
    refused: (refused) => world.refusals.push(refused.code),
    changed: (box) => { world.stored = box; },
    busy: () => world.busyNow,
    online: () => world.onlineNow,
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { world, sender, settle };
}

const statuses = (sender) => sender.outbox.map((one) => one.status);
const refusal = (fields) => ({ refused: { code: "x", status: 400, passing: false, reason: "No.", ...fields } });

test("a question is delivered and leaves the outbox when it is taken", async () => {
  const { world, sender, settle } = site();
  sender.add("k1", "Hello", { model_id: "m" });
  sender.pump();
  assert.deepEqual(statuses(sender), ["sending"]);
  world.answers[0]({ answer: {} });
  await settle();
  assert.deepEqual([sender.outbox, world.delivered], [[], ["k1"]]);
});

test("the next one waits until the answer has ended", async () => {
  const { world, sender, settle } = site();
  sender.add("k1", "One", {});
  sender.add("k2", "Two", {});
  sender.pump();
  sender.pump();
  assert.deepEqual(world.delivered, ["k1"], "not both at once");
  world.answers[0]({ answer: {} });
  await settle();
  assert.deepEqual(world.delivered, ["k1"], "an answer is being written");
  world.busyNow = false;
  sender.pump();
  assert.deepEqual(world.delivered, ["k1", "k2"]);
});

test("a refused question keeps its text and its reason, and holds up those behind it", async () => {
  const { world, sender, settle } = site();
  sender.add("k1", "One", {});
  sender.add("k2", "Two", {});
  sender.pump();
  world.answers[0](refusal({ code: "text_too_long", reason: "Too long." }));
  await settle();
  sender.pump();
  assert.deepEqual(statuses(sender), ["failed", "waiting"]);
  assert.deepEqual([sender.outbox[0].text, sender.outbox[0].reason, world.refusals], ["One", "Too long.", ["text_too_long"]]);
  assert.deepEqual(world.delivered, ["k1"]);
});

test("Retry delivers again under the same client_id", async () => {
  const { world, sender, settle } = site();
  sender.add("k1", "One", {});
  sender.pump();
  world.answers[0](refusal({ passing: true, status: 0 }));
  await settle();
  sender.retry("k1");
  assert.deepEqual(world.delivered, ["k1", "k1"]);
});

test("when the line is back, what the site never heard of is delivered, what it refused is not", async () => {
  for (const [passing, deliveries] of [[true, 2], [false, 1]]) {
    const { world, sender, settle } = site();
    sender.add("k1", "One", {});
    sender.pump();
    world.answers[0](refusal({ passing }));
    await settle();
    sender.retryPassing();
    assert.equal(world.delivered.length, deliveries);
  }
});

test("offline, a question waits", () => {
  const { world, sender } = site();
  world.onlineNow = false;
  sender.add("k1", "One", {});
  sender.pump();
  assert.deepEqual([statuses(sender), world.delivered], [["waiting"], []]);
});

test("a question that comes while another tab's answer is written waits, and does not hammer", async () => {
  const { world, sender, settle } = site();
  sender.add("k1", "One", {});
  sender.pump();
  world.answers[0](refusal({ code: "answer_running", status: 409 }));
  await settle();
  assert.deepEqual([statuses(sender), world.delivered.length], [["waiting"], 1]);
});

test("a question that arrived by the socket is not shown twice", () => {
  const { sender } = site();
  sender.add("k1", "One", {});
  sender.pump();
  sender.arrived(new Set([null, "k1"]));
  assert.deepEqual(sender.outbox, []);
});

test("a question can be taken back", () => {
  const { world, sender } = site();
  world.busyNow = true;
  sender.add("k1", "One", {});
  assert.equal(sender.takeBack("k1").text, "One");
  assert.deepEqual(sender.outbox, []);
  assert.equal(sender.takeBack("k1"), undefined);
});

test("after a reload, what was on its way is sent again; what is not ours is left out", () => {
  const stored = [{ client_id: "k1", text: "One", target: {}, status: "sending" }, { client_id: "k2", text: "Two", status: "failed", reason: "No." }];
  assert.deepEqual(outbox.restore(stored).map((one) => one.status), ["waiting", "failed"]);
  for (const broken of [null, {}, "x", [{}], [{ client_id: 1, text: "x" }]]) assert.deepEqual(outbox.restore(broken), []);
});
