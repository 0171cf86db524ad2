// Tells other tabs what is decided and undone in this one, and knows in which of them the last decision was made.

/** The decisions that were made in this tab and in the others that are open. */
export class Tabs {
  constructor() {
    this.channel = new BroadcastChannel("standpoint-decisions");
    this.own = new Set();
    this.others = new Set();
  }

  /** Hears of others: `decided` gets the passage, `undone` the number of the decision, and both what is decided now. */
  listen({ decided, undone }) {
    this.channel.addEventListener("message", ({ data }) => {
      if (data.ask) this.tell({ made: [...this.own] });
      for (const sequence of data.made ?? []) this.others.add(sequence);
      if (data.decided !== undefined) decided(data.decided, data.counts);
      if (data.undone !== undefined) {
        this.forget(data.undone);
        undone(data.undone, data.counts);
      }
    });
    this.tell({ ask: true });
  }

  tell(message) {
    this.channel.postMessage(message);
  }

  decided(unit, { sequence, counts }) {
    this.own.add(sequence);
    this.tell({ made: [sequence], decided: unit, counts });
  }

  undone(sequence, counts) {
    this.forget(sequence);
    this.tell({ undone: sequence, counts });
  }

  forget(sequence) {
    this.own.delete(sequence);
    this.others.delete(sequence);
  }

  /** The number of the last decision, if another tab made it. */
  get lastOfOthers() {
    const last = Math.max(0, ...this.own, ...this.others);
    return this.others.has(last) ? last : null;
  }
}
