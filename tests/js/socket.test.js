/** The socket: how it says how far it has seen, when it doubts the line, how it comes back. Time is the test's. */

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Socket, socketUrl } from "../../static/js/models/socket.js";

/** @type {Line[]} */
let lines = [];

/** A WebSocket whose other end is the test. */
class Line {
  readyState = 1;
  sent = [];
  constructor(url) {
    this.url = url;
    lines.push(this);
  }
  send(text) { this.sent.push(JSON.parse(text)); }
  close() { this.readyState = 3; }
  tell(event) { this.onmessage?.({ data: JSON.stringify(event) }); }
  hangUp(code) { this.readyState = 3; this.onclose?.({ code }); }
}

const SNAPSHOT = { type: "conversation.snapshot" };
const LIVE = [{ run: "r", seq: 3, reasoning_seq: 0 }];

beforeEach(() => {
  lines = [];
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
});

function open({ positions = [] } = {}) {
  const told = { events: [], states: [], ended: [] };
  const socket = new Socket("ws://x/", {
    heard: (event) => told.events.push(event.type),
    line: (state) => told.states.push(state),
    ended: (why) => told.ended.push(why),
    positions: () => positions,
  }, { WebSocket: Line, now: () => Date.now(), random: () => 1 });
  mock.timers.tick(1); // 0 means "nothing is awaited"
  socket.open();
  return { socket, told };
}

/** In small steps: the mocked clock jumps, and everything due in a jump would see its end. */
const wait = (milliseconds) => {
  for (let left = milliseconds; left > 0; left -= 50) mock.timers.tick(Math.min(left, 50));
};
const seen = (line) => line.sent.filter((frame) => frame.type === "seen");

test("it is open once the snapshot has come", () => {
  const { told } = open();
  assert.deepEqual(told.states, ["connecting"]);
  lines[0].tell(SNAPSHOT);
  assert.deepEqual([told.states, told.events], [["connecting", "open"], ["conversation.snapshot"]]);
});

test("while text arrives it says twice a second how far it has seen, and nothing when there is nothing new", () => {
  open({ positions: LIVE });
  lines[0].tell(SNAPSHOT);
  wait(500);
  assert.deepEqual(seen(lines[0]), [{ type: "seen", ...LIVE[0] }]);
  wait(1000);
  assert.equal(seen(lines[0]).length, 1);
  lines[0].tell({ type: "message.delta" });
  wait(500);
  assert.equal(seen(lines[0]).length, 2);
});

test("256 KiB are acknowledged at once", () => {
  open({ positions: LIVE });
  lines[0].tell(SNAPSHOT);
  for (let index = 0; index < 9; index += 1) lines[0].tell({ type: "message.delta", text: "x".repeat(10_000) });
  assert.equal(seen(lines[0]).length, 1);
});

test("after three seconds of silence with a live run it asks, and a pong is enough", () => {
  open({ positions: LIVE });
  lines[0].tell(SNAPSHOT);
  wait(500);
  lines[0].tell({ type: "pong" });
  wait(3_500);
  assert.equal(seen(lines[0]).length, 2);
  lines[0].tell({ type: "pong" });
  wait(2_000);
  assert.equal(lines.length, 1);
});

test("no answer in five seconds: it connects again", () => {
  const { told } = open({ positions: LIVE });
  lines[0].tell(SNAPSHOT);
  wait(500);
  lines[0].tell({ type: "pong" });
  wait(10_000);
  assert.equal(lines.length, 2);
  assert.deepEqual(told.states.slice(0, 4), ["connecting", "open", "waiting", "connecting"]);
});

test("without a live run it is content for half a minute, then asks whether the line is still there", () => {
  open();
  lines[0].tell(SNAPSHOT);
  wait(500);
  lines[0].tell({ type: "pong" });
  wait(20_000);
  assert.equal(seen(lines[0]).length, 1);
  wait(11_000);
  assert.deepEqual(seen(lines[0]).at(-1), { type: "seen", run: null, seq: 0, reasoning_seq: 0 });
});

test("a hole is asked about once until the snapshot has come", () => {
  const { socket } = open();
  socket.resync();
  lines[0].tell(SNAPSHOT);
  socket.resync();
  socket.resync();
  assert.equal(lines[0].sent.filter((frame) => frame.type === "resync").length, 1);
  lines[0].tell(SNAPSHOT);
  socket.resync();
  assert.equal(lines[0].sent.filter((frame) => frame.type === "resync").length, 2);
});

test("deltas do not answer a resync: without its snapshot it connects again", () => {
  const { socket } = open({ positions: LIVE });
  lines[0].tell(SNAPSHOT);
  socket.resync();
  for (let second = 0; second < 6; second += 1) {
    wait(1_000);
    lines[0].tell({ type: "message.delta" });
  }
  wait(2_000);
  assert.equal(lines.length, 2);
});

test("each failure waits twice as long, up to fifteen seconds", () => {
  open();
  for (const pause of [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]) {
    lines.at(-1).hangUp(1006);
    const before = lines.length;
    wait(pause - 1);
    assert.equal(lines.length, before, `not before ${pause}`);
    wait(1);
    assert.equal(lines.length, before + 1, `after ${pause}`);
  }
});

test("a snapshot forgives earlier failures", () => {
  open();
  lines[0].hangUp(1006);
  wait(500);
  lines[1].hangUp(1006);
  wait(1_000);
  lines[2].tell(SNAPSHOT);
  lines[2].hangUp(1006);
  wait(500);
  assert.equal(lines.length, 4);
});

for (const code of [4503, 4408]) {
  test(`after ${code} it is back within a second, however often`, () => {
    open();
    for (let time = 1; time <= 5; time += 1) {
      lines.at(-1).hangUp(code);
      wait(1_000);
      assert.equal(lines.length, time + 1);
    }
  });
}

for (const [code, why] of [[4401, "signed_out"], [4403, "forbidden"], [4404, "gone"]]) {
  test(`after ${code} it stays away: ${why}`, () => {
    const { told } = open();
    lines[0].tell({ type: "error", error: {} });
    lines[0].hangUp(code);
    wait(60_000);
    assert.deepEqual([told.ended, lines.length, told.states.at(-1)], [[why], 1, "ended"]);
  });
}

test("when the network is back it does not wait out its pause", () => {
  const { socket } = open();
  lines[0].hangUp(1006);
  socket.hurry();
  assert.equal(lines.length, 2);
});

test("a first snapshot may be long in coming, but not for ever", () => {
  open();
  wait(19_000);
  assert.equal(lines.length, 1);
  wait(3_000);
  assert.equal(lines.length, 2);
});

test("closed is closed", () => {
  const { socket, told } = open();
  socket.close();
  lines[0].tell(SNAPSHOT);
  wait(60_000);
  assert.deepEqual([lines.length, told.events, socket.state], [1, [], "ended"]);
});

test("the address is on the page's own host, secure where the page is", () => {
  assert.equal(socketUrl("/ws/me/", { protocol: "http:", host: "a:1" }), "ws://a:1/ws/me/");
  assert.equal(socketUrl("/ws/me/", { protocol: "https:", host: "a" }), "wss://a/ws/me/");
});
