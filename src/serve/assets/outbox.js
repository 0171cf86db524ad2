// Saves decisions one after another, and asks what to do where one is not saved.

import { button, complain, settle } from "./dom.js";

/** Statuses of what the program will refuse again however often it is sent. */
const REFUSED = [400, 404, 422];

/** Sends decisions one after another in the order in which they were made, and complains about what is not saved. */
export class Outbox {
  /** `changed` is called when it stops at an error, and when someone has chosen how to go on. */
  constructor(changed) {
    this.waiting = [];
    this.isSending = false;
    this.isBlocked = false;
    this.changed = changed;
    this.idle = [];
  }

  /**
   * Adds something to send: `send` returns a promise, `done` gets its answer, and `leaveOut` is called
   * where it was refused and is not to be sent again.
   */
  add(entry) {
    this.waiting.push(entry);
    this.pump();
  }

  /** Whether something is not saved yet. */
  get isBusy() {
    return this.waiting.length > 0;
  }

  /** Resolves once all is saved. */
  whenIdle() {
    return this.isBusy ? new Promise((resolve) => { this.idle.push(resolve); }) : Promise.resolve();
  }

  async pump() {
    if (this.isSending || this.isBlocked) return;
    this.isSending = true;
    while (this.waiting.length > 0) {
      const [entry] = this.waiting;
      let answer;
      try {
        answer = await entry.send();
      } catch (error) {
        this.block(error, entry);
        return;
      }
      this.waiting.shift();
      // It is saved, whatever becomes of showing it.
      try {
        entry.done(answer);
      } catch (error) {
        reportError(error);
      }
    }
    this.isSending = false;
    for (const resolve of this.idle.splice(0)) resolve();
  }

  /** Waits until someone has chosen to send again or, where that is of no use, to leave it out. */
  block(error, entry) {
    this.isBlocked = true;
    this.isSending = false;
    const then = (run) => () => {
      settle("outbox");
      run();
      this.isBlocked = false;
      this.pump();
      this.changed();
    };
    const retry = then(() => {});
    const leaveOut = then(() => {
      this.waiting.shift();
      // An undo right behind was to take this one back.
      if (this.waiting[0]?.isUndo) this.waiting.shift().leaveOut();
      entry.leaveOut();
    });
    const saves = this.waiting.filter((waiting) => !waiting.isUndo).length;
    const message = saves === 0 ? "Undo failed." : saves === 1 ? "One decision is not saved." : `${saves} decisions are not saved.`;
    // Nothing but these buttons goes on from here: there is none that takes them away.
    const instead = REFUSED.includes(error.status) ? button("Leave this one out", leaveOut) : null;
    complain("outbox", { message, hint: `${error.message} ${error.hint ?? ""}` }, retry, instead);
    this.changed();
  }
}
