/** The one socket: watches an address, says how far it has seen, finds out when the line is dead, and comes back. */

const SEEN_EVERY = 500; // milliseconds, while text arrives
const SEEN_CHARACTERS = 85_000; // at most 3 bytes of UTF-8 each: 256 KiB
const SILENCE = 3_000; // with a live run: ask whether something got lost
const QUIET = 30_000; // without one: ask whether the line is still there
const PATIENCE = 5_000; // an answer that takes longer does not come
const FIRST_PATIENCE = 20_000; // the first snapshot may be long, and the line slow
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

/** @typedef {{ run: string | null, seq: number, reasoning_seq: number }} Position */
/** @typedef {"connecting" | "open" | "waiting" | "ended"} LineState */
/** @typedef {"signed_out" | "gone" | "forbidden"} Ending */
/**
 * @typedef {object} Listener
 * @property {(event: import("./events.js").Event) => void} heard
 * @property {(state: LineState) => void} [line]
 * @property {(why: Ending) => void} [ended] the socket will not come back
 * @property {() => Position[]} [positions] how far each live run has been seen
 */

/** @type {Record<number, Ending>} */
const ENDINGS = { 4401: "signed_out", 4403: "forbidden", 4404: "gone" };

export class Socket {
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {LineState} */
  #state = "waiting";
  #failures = 0;
  #lastHeard = 0;
  #askedAt = 0;
  #patience = PATIENCE;
  #unseen = 0;
  #resyncing = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #beat;

  /**
   * @param {string} url
   * @param {Listener} listener
   * @param {{ WebSocket?: typeof WebSocket, now?: () => number, random?: () => number }} [world] for tests
   */
  constructor(url, listener, world = {}) {
    this.url = url;
    this.listener = listener;
    this.WebSocket = world.WebSocket ?? globalThis.WebSocket;
    this.now = world.now ?? (() => performance.now());
    this.random = world.random ?? Math.random;
  }

  get state() {
    return this.#state;
  }

  open() {
    clearTimeout(this.#retry);
    this.#drop();
    this.#become("connecting");
    const socket = new this.WebSocket(this.url);
    this.#socket = socket;
    this.#lastHeard = this.#askedAt = this.now(); // the first frame is awaited like an answer
    this.#patience = FIRST_PATIENCE;
    this.#resyncing = true;
    socket.onmessage = (message) => this.#hear(message.data);
    socket.onclose = (event) => this.#closed(event.code);
    clearInterval(this.#beat);
    this.#beat = setInterval(() => this.#tick(), SEEN_EVERY);
  }

  close() {
    clearTimeout(this.#retry);
    clearInterval(this.#beat);
    this.#drop();
    this.#become("ended");
  }

  /** The network is back, or the page is looked at again: do not wait out the pause. */
  hurry() {
    if (this.#state === "waiting") this.open();
    else if (this.#state === "open" && this.now() - this.#lastHeard > SILENCE) this.#ask();
  }

  /** Something is missing: ask for a snapshot, once until it comes. */
  resync() {
    if (this.#resyncing || this.#state !== "open") return;
    this.#resyncing = true;
    this.#askedAt ||= this.now();
    this.#send({ type: "resync" });
  }

  /** @param {string} data */
  #hear(data) {
    const event = JSON.parse(data);
    this.#lastHeard = this.now();
    const snapshot = event.type.endsWith(".snapshot");
    if (event.type !== "pong") this.#unseen += data.length;
    if (snapshot || !this.#resyncing) this.#askedAt = 0;
    if (snapshot) {
      this.#resyncing = false;
      this.#patience = PATIENCE;
      this.#failures = 0;
      this.#become("open");
    }
    this.listener.heard(event);
    if (this.#unseen >= SEEN_CHARACTERS) this.#sayHowFar();
  }

  #tick() {
    const now = this.now();
    if (this.#askedAt && now - this.#askedAt > this.#patience) {
      this.#closed(0);
      return;
    }
    if (this.#state !== "open") return;
    const live = this.#positions().length > 0;
    if (this.#unseen > 0) this.#sayHowFar();
    else if (now - this.#lastHeard > (live ? SILENCE : QUIET) && !this.#askedAt) this.#ask();
  }

  #ask() {
    this.#askedAt ||= this.now();
    this.#sayHowFar();
  }

  #sayHowFar() {
    this.#unseen = 0;
    const positions = this.#positions();
    for (const position of positions.length ? positions : [{ run: null, seq: 0, reasoning_seq: 0 }]) {
      this.#send({ type: "seen", ...position });
    }
  }

  #positions() {
    return this.listener.positions?.() ?? [];
  }

  /** @param {object} frame */
  #send(frame) {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(frame));
  }

  /** @param {number} code */
  #closed(code) {
    clearInterval(this.#beat);
    this.#drop();
    const ending = ENDINGS[code];
    if (ending) {
      this.#become("ended");
      this.listener.ended?.(ending);
      return;
    }
    this.#become("waiting");
    this.#retry = setTimeout(() => this.open(), this.#pause(code));
  }

  /** Twice as long each time, at most 15 s; a random half of it, so that a restarted server is not stormed.
   * @param {number} code */
  #pause(code) {
    const longest = code === 4503 || code === 4408 ? FIRST_WAIT * 2 : Math.min(FIRST_WAIT * 2 ** this.#failures, LONGEST_WAIT);
    this.#failures += 1;
    return longest * (0.5 + this.random() / 2);
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    this.#askedAt = 0;
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    if (socket.readyState < 2) socket.close();
  }

  /** @param {LineState} state */
  #become(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.listener.line?.(state);
  }
}

/** The address of a socket of this site. @param {string} path @param {{ protocol: string, host: string }} place */
export function socketUrl(path, place = globalThis.location) {
  return `${place.protocol === "https:" ? "wss:" : "ws:"}//${place.host}${path}`;
}
