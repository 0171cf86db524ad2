// Takes back what was done last: a decision, or the skipping of a passage that is decided already.

import { numbered, save as send } from "./api.js";
import { drawLast } from "./desk.js";
import { byId } from "./dom.js";
import { inWords } from "./progress.js";

/** Takes back decisions and skipped passages, and puts them on the desk again. */
export class Undoing {
  /** `screen` has the queue and the passage on the desk, puts another one on it, and draws what follows. */
  constructor(outbox, tabs, screen) {
    this.outbox = outbox;
    this.tabs = tabs;
    this.screen = screen;
    this.isRunning = false;
    /** The passage that was skipped and kept its decision, until something else is done. */
    this.skipped = null;
    /** The decision of another tab that somebody was warned of. */
    this.warnedOf = null;
  }

  /** Skips a passage that is decided already: nothing is saved, so that its decision holds. */
  skip(byKey) {
    const { screen } = this;
    const item = screen.current;
    screen.queue.passBy(item);
    this.skipped = item;
    screen.forgetLast();
    screen.goOn(byKey);
    drawLast(`Skipped: the passage keeps “${inWords(item.decided)}” and comes again at the end of this queue.`, null, screen.current);
  }

  run() {
    const { screen, outbox } = this;
    if (this.skipped) {
      this.takeBackSkipped();
      return;
    }
    if (this.isRunning || outbox.isBlocked) return;
    const elsewhere = outbox.isBusy ? null : this.tabs.lastOfOthers;
    if (elsewhere !== null && elsewhere !== this.warnedOf) {
      this.warnedOf = elsewhere;
      drawLast("The last decision was made in another tab. To take it back from here, undo once more.", null, screen.current);
      return;
    }
    this.isRunning = true;
    byId("last-text").textContent = "Undoing …";
    screen.refresh();
    const body = numbered({});
    outbox.add({
      isUndo: true,
      send: () => send("/api/undo", body),
      done: ({ undone, counts }) => {
        this.isRunning = false;
        screen.forgetLast();
        screen.done(counts);
        if (undone) this.tabs.undone(undone.sequence, counts);
        if (!undone) drawLast("There is nothing to undo.", null, screen.current);
        else this.takeBack(undone);
        screen.refresh();
      },
      leaveOut: () => {
        this.isRunning = false;
        drawLast("Nothing was undone.", null, screen.current);
      },
    });
  }

  /** Puts the passage that was skipped last back on the desk. */
  takeBackSkipped() {
    const { screen, skipped: item } = this;
    this.skipped = null;
    if (screen.current && screen.current.unit !== item.unit) screen.queue.putBack(screen.current);
    screen.queue.takeBack(item);
    screen.put(item);
    drawLast("Undone. Decide again.", null, screen.current);
  }

  /** Puts what was undone back on the desk: its answer has been shown, unless it was kept back. */
  takeBack({ unit, item, seen }) {
    const { screen } = this;
    if (!item) {
      screen.queue.forget(unit);
      drawLast("Undone. Its text is not in this archive.", null, screen.current);
      return;
    }
    this.putOnDesk({ ...item, seen });
    drawLast("Undone. Decide again.", null, screen.current);
  }

  /** Puts a passage back on the desk; what lay there is next. */
  putOnDesk(item) {
    const { queue, current } = this.screen;
    queue.forget(item.unit);
    if (current) queue.putBack(current);
    queue.passed.add(item.unit);
    if (queue.left !== null) queue.left += 1;
    this.skipped = null;
    this.screen.put(item);
  }
}
