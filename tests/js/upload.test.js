/** An upload in parts, against a site that is played by the test. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { CommandError } from "../../static/js/lib/site.js";
import { Upload } from "../../static/js/models/upload.js";
import { Uploads } from "../../static/js/models/uploads.js";

const PART = 4;

/** A site with parts of four bytes; `fail(number)` may throw or wait before a part arrives. */
function site({ fail = () => {}, finish = () => {} } = {}) {
  const received = new Map();
  const calls = [];
  const begun = (size) => ({ id: "u1", name: "n", size, part_size: PART, parts: Math.ceil(size / PART), received: [...received.keys()], status: "open" });
  let size = 0;
  return {
    received, calls,
    door: {
      begin: async (fields) => { calls.push("begin"); size = fields.size; return begun(size); },
      look: async () => { calls.push("look"); return begun(size); },
      put: async (id, number, bytes, signal, sent) => {
        calls.push(`put ${number}`);
        await fail(number, signal);
        signal.throwIfAborted();
        received.set(number, await bytes.text());
        sent(bytes.size);
        return begun(size);
      },
      finish: async () => { calls.push("finish"); await finish(); return { id: "f1", name: "n" }; },
      cancel: async () => { calls.push("cancel"); },
      patience: async () => { calls.push("patience"); },
    },
    text: () => [...received.entries()].sort(([a], [b]) => a - b).map(([, text]) => text).join(""),
  };
}
const file = (text) => new File([text], "n.txt");
const until = async (upload, state) => { while (upload.state !== state) await new Promise((resolve) => setImmediate(resolve)); };

test("a file arrives in parts, in order, and becomes the site's file", async () => {
  const there = site();
  const upload = new Upload(file("0123456789"), there.door);
  assert.deepEqual(await upload.start(), { id: "f1", name: "n" });
  assert.equal(there.text(), "0123456789");
  assert.deepEqual(there.calls, ["begin", "put 0", "put 1", "put 2", "finish"]);
  assert.deepEqual([upload.state, upload.progress], ["done", 1]);
});

test("a connection that breaks off is waited for, and what has arrived is not sent again", async () => {
  let broken = 1;
  const there = site({ fail: (number) => { if (number === 1 && broken-- > 0) throw new CommandError(0, "unreachable", ""); } });
  const upload = new Upload(file("0123456789"), there.door);
  await upload.start();
  assert.deepEqual(there.calls, ["begin", "put 0", "put 1", "patience", "look", "put 1", "put 2", "finish"]);
  assert.equal(there.text(), "0123456789");
});

test("a refusal ends it with its sentence, and another try begins anew", async () => {
  let refuse = true;
  const there = site({ finish: () => { if (refuse) throw new CommandError(415, "not_a_picture", "No picture."); } });
  const upload = new Upload(file("0123"), there.door);
  assert.equal(await upload.start(), null);
  assert.deepEqual([upload.state, upload.error.sentence], ["failed", "No picture."]);
  refuse = false;
  assert.equal((await upload.start()).id, "f1");
  assert.equal(there.calls.filter((call) => call === "begin").length, 2);
});

test("a pause keeps what has arrived; start goes on from there", async () => {
  let hold = true;
  const there = site({ fail: (number, signal) => number === 1 && hold ? new Promise((_, reject) => signal.addEventListener("abort", () => reject(new CommandError(0, "unreachable", "")))) : undefined });
  const upload = new Upload(file("0123456789"), there.door);
  const first = upload.start();
  while (!there.calls.includes("put 1")) await new Promise((resolve) => setImmediate(resolve));
  upload.pause();
  assert.equal(await first, null);
  assert.equal(upload.state, "paused");
  hold = false;
  assert.equal((await upload.start()).id, "f1");
  assert.equal(there.calls.filter((call) => call === "put 0").length, 1);
});

test("cancelled, the site is told to forget it", async () => {
  const there = site({ fail: (number, signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(new CommandError(0, "", "")))) });
  const upload = new Upload(file("0123"), there.door);
  const running = upload.start();
  while (!there.calls.includes("put 0")) await new Promise((resolve) => setImmediate(resolve));
  await upload.cancel();
  assert.equal(await running, null);
  assert.deepEqual([upload.state, there.calls.at(-1)], ["cancelled", "cancel"]);
  assert.equal(await upload.start(), null);
});

test("of many, three are on their way at a time, and all arrive", async () => {
  let now = 0;
  let most = 0;
  const there = site({ finish: async () => { most = Math.max(most, ++now); await new Promise((resolve) => setImmediate(resolve)); now -= 1; } });
  const uploads = new Uploads(there.door, () => {});
  const added = uploads.add(Array.from({ length: 7 }, () => file("0123")));
  for (const upload of added) await until(upload, "done");
  assert.ok(most <= 3 && most > 1, `${most}`);
  assert.equal(uploads.busy, false);
});
