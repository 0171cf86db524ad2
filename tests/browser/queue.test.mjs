// Counts what a queue has left, and passes texts by, with a program that answers slowly. Needs no browser.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Outbox } from "../../src/serve/assets/outbox.js";
import { Queue } from "../../src/serve/assets/queue.js";

const original = globalThis.fetch;
afterEach(() => { globalThis.fetch = original; });
const wait = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

/** A program with so many texts to decide. It answers at once, and takes a while to save. */
class Program {
  constructor(texts) {
    this.open = Array.from({ length: texts }, (_, number) => `u${number}`);
    globalThis.fetch = async (path) => this.answer(new URL(path, "http://127.0.0.1").searchParams);
  }

  async answer(query) {
    const at = this.open.indexOf(query.get("after"));
    const around = [...this.open.slice(at + 1), ...this.open.slice(0, Math.max(at, 0))];
    const items = around.slice(0, Number(query.get("limit"))).map((unit) => ({ unit }));
    return new Response(JSON.stringify({ items, left: this.open.length }));
  }

  async save(unit) {
    await wait(15);
    this.open = this.open.filter((other) => other !== unit);
  }
}

/** A coder at a queue. */
class Desk {
  constructor(texts) {
    this.program = new Program(texts);
    this.outbox = new Outbox(() => {});
    this.current = null;
    this.queue = new Queue("random", {
      onFill: () => { this.current ??= this.queue.take(); },
      onError: (error) => { throw error; },
      whenSaved: () => this.outbox.whenIdle(),
    });
    this.queue.refill();
  }

  async passage() {
    while (this.current === null && !this.queue.isExhausted) await wait(1);
    return this.current?.unit ?? null;
  }

  decide() {
    const { unit } = this.current;
    this.queue.decided();
    this.outbox.add({ send: () => this.program.save(unit), done() {} });
    this.current = this.queue.take();
  }

  passBy() {
    this.queue.passBy(this.current);
    this.current = this.queue.take();
  }
}

for (const pause of [0, 5, 40]) {
  test(`counts each undecided passage, including the one on the desk, with a pause of ${pause} ms`, async () => {
    const desk = new Desk(30);
    for (let left = 30; left > 0; left -= 1) {
      assert.notEqual(await desk.passage(), null);
      assert.equal(desk.queue.left, left);
      await wait(pause);
      assert.equal(desk.queue.left, left, "what the program says meanwhile");
      desk.decide();
    }
    assert.equal(await desk.passage(), null);
    assert.equal(desk.queue.left, 0);
  });
}

test("gives what was passed by again behind all others, as often as one likes", async () => {
  const desk = new Desk(5);
  const pass = async () => {
    const unit = await desk.passage();
    desk.passBy();
    return unit;
  };
  const shown = [];
  for (let round = 0; round < 12; round += 1) shown.push(await pass());
  assert.deepEqual(shown, ["u0", "u1", "u2", "u3", "u4", "u0", "u1", "u2", "u3", "u4", "u0", "u1"]);
  assert.equal(desk.queue.left, 5, "all are still undecided");
  for (const unit of ["u2", "u3", "u4", "u0", "u1"]) {
    assert.equal(await desk.passage(), unit);
    desk.decide();
  }
  assert.equal(await desk.passage(), null);
  await desk.outbox.whenIdle();
  assert.deepEqual(desk.program.open, []);
});

test("gives the only passage again", async () => {
  const desk = new Desk(1);
  assert.equal(await desk.passage(), "u0");
  desk.passBy();
  assert.equal(await desk.passage(), "u0");
  assert.equal(desk.queue.left, 1);
});

test("leaves out what was passed by and then decided in another tab", async () => {
  const desk = new Desk(2);
  await desk.passage();
  desk.passBy();
  await desk.program.save("u0");
  desk.queue.drop("u0", false);
  assert.equal(await desk.passage(), "u1");
  assert.equal(desk.queue.left, 1);
  desk.decide();
  assert.equal(await desk.passage(), null);
});
