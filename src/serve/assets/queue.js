// Keeps the next texts ready, so that a decision never waits for one.

import { get } from "./api.js";

const AHEAD = 3;
/** So many answers without a new text end a queue. */
const MAX_ROUNDS = 20;
/** Under this name the tab keeps the queue that was chosen, for when the screen is opened again. */
const CHOICE = "standpoint-queue";

/** The queue that the address names, or that was chosen before. */
export const chosenQueue = () => new URLSearchParams(location.search).get("queue") ?? sessionStorage.getItem(CHOICE);

/** Keeps the queue that was chosen, if it is not the usual one. */
export function keepQueue(kind, usual) {
  history.replaceState(null, "", kind === usual ? location.pathname : `?queue=${kind}`);
  if (kind === usual) forgetQueue();
  else sessionStorage.setItem(CHOICE, kind);
}

/** Forgets the queue that was chosen. */
export const forgetQueue = () => sessionStorage.removeItem(CHOICE);

/** The texts ahead in one queue. */
export class Queue {
  /**
   * `onError` gets what went wrong and how to try again; `onFill` is called when texts arrive; `whenSaved` resolves once no decision
   * waits to be saved.
   */
  constructor(kind, { onFill, onError, whenSaved }) {
    this.kind = kind;
    this.ahead = [];
    this.later = []; // what was passed by: it comes again behind all others
    this.left = null; // texts that are undecided, the one on the desk among them
    this.changes = 0; // of `left`, other than by an answer
    this.isExhausted = false;
    this.isClosed = false;
    this.passed = new Set();
    this.onFill = onFill;
    this.onError = onError;
    this.whenSaved = whenSaved;
    this.asking = null;
    this.last = null;
    this.rounds = 0;
  }

  /** The next text, or null where none is here yet. More are fetched behind it. */
  take() {
    const item = this.ahead.shift() ?? (this.isExhausted ? this.later.shift() : null) ?? null;
    if (item) this.passed.add(item.unit);
    this.refill();
    return item;
  }

  /** Counts one decision. */
  decided() {
    this.changes += 1;
    if (this.left > 0) this.left -= 1;
  }

  /** Passes a text by without a decision. */
  passBy(item) {
    this.later.push(item);
  }

  /** Gives back a text that was passed by. */
  takeBack(item) {
    const isOther = ({ unit }) => unit !== item.unit;
    this.passed.add(item.unit);
    this.ahead = this.ahead.filter(isOther);
    this.later = this.later.filter(isOther);
  }

  /** Puts a text back, to be the next one. */
  putBack(item) {
    this.passed.delete(item.unit);
    this.ahead.unshift(item);
  }

  /** Leaves out a text that was decided elsewhere. */
  drop(unit, isOnDesk) {
    const isIt = (item) => item.unit === unit;
    if (isOnDesk || this.ahead.some(isIt) || this.later.some(isIt)) this.decided();
    this.passed.add(unit);
    this.ahead = this.ahead.filter((item) => !isIt(item));
    this.later = this.later.filter((item) => !isIt(item));
    this.refill();
  }

  /** Lets a text come again whose decision does not hold. */
  forget(unit) {
    this.changes += 1;
    this.passed.delete(unit);
    this.isExhausted = false;
    this.rounds = 0;
  }

  /** Fetches texts where fewer than three are ready. */
  async refill() {
    if (this.asking || this.isExhausted || this.isClosed || this.ahead.length >= AHEAD) return;
    const asking = this.ask();
    this.asking = asking;
    try {
      const { items, left, isUpToDate } = await asking;
      if (this.isClosed || this.asking !== asking) return;
      this.asking = null;
      // What was passed by is not decided, nor is what was decided since the program was asked.
      const here = new Set(this.ahead.map((item) => item.unit));
      const fresh = items.filter((item) => !here.has(item.unit) && !this.passed.has(item.unit));
      if (isUpToDate || this.left === null) this.left = left ?? null;
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

  /** Asks for texts once all decisions are saved: before that, the program counts some of them as left. */
  async ask() {
    await this.whenSaved();
    const { changes } = this;
    const answer = await get("/api/queue", { kind: this.kind, after: this.last, limit: AHEAD });
    return { ...answer, isUpToDate: changes === this.changes };
  }

  /** Begins at the front again, as another model ranks texts in another order. */
  restart() {
    for (const { unit } of this.later.splice(0)) this.passed.delete(unit);
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
