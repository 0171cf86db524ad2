// Keeps the next texts ready, so that a decision never waits for one.

import { get } from "./api.js";

const AHEAD = 3;
/** So many answers without a new text end a queue. */
const MAX_ROUNDS = 20;

/** The texts ahead in one queue. */
export class Queue {
  /** `onError` gets what went wrong and how to try again; `onFill` is called when texts arrive. */
  constructor(kind, { onFill, onError }) {
    this.kind = kind;
    this.ahead = [];
    this.left = null;
    this.isExhausted = false;
    this.isClosed = false;
    this.passed = new Set();
    this.onFill = onFill;
    this.onError = onError;
    this.asking = null;
    this.last = null;
    this.rounds = 0;
  }

  /** The next text, or null where none is here yet. More are fetched behind it. */
  take() {
    const item = this.ahead.shift() ?? null;
    if (item) this.passed.add(item.unit);
    this.refill();
    return item;
  }

  /** Counts one decision. */
  decided() {
    if (this.left > 0) this.left -= 1;
  }

  /** Puts a text back, to be the next one. */
  putBack(item) {
    this.passed.delete(item.unit);
    this.ahead.unshift(item);
  }

  /** Leaves out a text that was decided elsewhere. */
  drop(unit) {
    this.passed.add(unit);
    this.ahead = this.ahead.filter((item) => item.unit !== unit);
    this.refill();
  }

  /** Lets a text come again. */
  forget(unit) {
    this.passed.delete(unit);
    this.isExhausted = false;
    this.rounds = 0;
  }

  /** Fetches texts where fewer than three are ready. */
  async refill() {
    if (this.asking || this.isExhausted || this.isClosed || this.ahead.length >= AHEAD) return;
    const asking = get("/api/queue", { kind: this.kind, after: this.last, limit: AHEAD });
    this.asking = asking;
    try {
      const { items, left } = await asking;
      if (this.isClosed || this.asking !== asking) return;
      this.asking = null;
      // What was passed may not have been decided for the program yet.
      const here = new Set(this.ahead.map((item) => item.unit));
      const fresh = items.filter((item) => !here.has(item.unit) && !this.passed.has(item.unit));
      this.left = left ?? null;
      if (items.length > 0) this.last = items.at(-1).unit;
      this.rounds = fresh.length === 0 ? this.rounds + 1 : 0;
      this.isExhausted = items.length === 0 || this.rounds >= MAX_ROUNDS;
      this.ahead.push(...fresh);
      this.onFill();
      this.refill();
    } catch (error) {
      if (this.asking !== asking) return;
      this.asking = null;
      if (!this.isClosed) this.onError(error, () => this.refill());
    }
  }

  /** Begins at the front again, as another model ranks texts in another order. */
  restart() {
    this.asking = null;
    this.last = null;
    this.ahead = [];
    this.isExhausted = false;
    this.rounds = 0;
    this.refill();
  }

  close() {
    this.isClosed = true;
  }
}
