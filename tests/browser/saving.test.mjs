// Saving when something is in the way: lost, cut and refused answers, a slow undo, a training while one types.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { articles, writeTable } from "./archive.mjs";
import { Served, Visitor, eventually, folder, launch, passage, patience, saved, unspaced } from "./program.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test("saving", patience, async (t) => {
  const place = await folder(t);
  const table = await writeTable(place, articles(40, 5));
  const served = await Served.start(t, [table], join(place, "work"));
  const visitor = await Visitor.enter(t, browser, served);
  const { page } = visitor;
  // Requests are intercepted from the beginning: turned on for one alone, that now and then comes too late for it.
  await page.route("**/nothing", (route) => route.abort());
  await visitor.open("/label");
  const alert = page.locator("#alerts .alert");
  const lines = async () => (await served.log()).length;
  const json = (status, body) => ({ status, contentType: "application/json", body: JSON.stringify(body) });

  /** Answers the next decision in another way than the program, and presses a key. */
  const decideWith = async (answer) => {
    const words = await passage(page);
    await page.route("**/api/decisions", answer, { times: 1 });
    await page.keyboard.press("1");
    await alert.waitFor();
    assert.equal(await alert.getByRole("button", { name: "Dismiss" }).count(), 0, "what is not saved is not dismissed");
    return words;
  };

  for (const [name, answer] of [
    ["lost", (route) => route.abort()],
    ["cut off", (route) => route.fulfill({ status: 200, contentType: "application/json", body: '{"sequence": 1, "sav' })],
  ]) {
    await t.test(`an answer that is ${name} does not count as saved, and is tried again`, async () => {
      const before = await lines();
      const words = await decideWith(answer);
      assert.match(await alert.textContent(), /^One decision is not saved\. The program is not responding\. Keep this tab open\./);
      assert.equal(await page.locator("#decisions button").first().isDisabled(), true);
      assert.equal(await lines(), before);
      await alert.getByRole("button", { name: "Try again" }).click();
      await saved(page, before + 1);
      assert.equal(unspaced((await served.log()).at(-1).text), unspaced(words));
      assert.equal(await alert.count(), 0);
    });
  }

  await t.test("a refused decision can be left out: its passage comes back, and labeling goes on", async () => {
    const before = await lines();
    const words = await decideWith((route) => route.fulfill(json(422, { error: "`label`: expected another", hint: null })));
    const next = await passage(page);
    assert.notEqual(next, words);
    await alert.getByRole("button", { name: "Leave this one out" }).click();
    await page.waitForFunction((wanted) => document.getElementById("words").textContent === wanted, words);
    assert.equal(await alert.count(), 0);
    await page.keyboard.press("2");
    await eventually(async () => assert.equal(await lines(), before + 1));
    assert.equal((await served.log()).at(-1).seen, false, "no answer was shown");
    assert.equal(await passage(page), next);
  });

  for (const [name, path, key, change] of [["a decision", "**/api/decisions", "2", 1], ["an undo", "**/api/undo", "u", -1]]) {
    await t.test(`${name} whose answer is lost is sent again as the same one, and done once`, async () => {
      const [before, decided] = [await lines(), (await served.decisions()).size];
      const sent = [];
      await page.route(path, async (route) => {
        sent.push(route.request().postDataJSON().request);
        if (sent.length > 1) return route.continue();
        await route.fetch();
        return route.abort();
      });
      await page.keyboard.press(key);
      await alert.waitFor();
      assert.equal(await lines(), before + 1, "it was done");
      await alert.getByRole("button", { name: "Try again" }).click();
      await saved(page, decided + change);
      await page.unroute(path);
      assert.equal(await lines(), before + 1);
      assert.match(sent[0], /^[0-9a-f]{32}$/);
      assert.deepEqual(sent, [sent[0], sent[0]]);
    });
  }

  await t.test("keys wait for an undo, and what was undone had been seen", async () => {
    const before = await lines();
    const later = await passage(page);
    let letGo = null;
    const held = new Promise((done) => { letGo = done; });
    await page.route("**/api/undo", async (route) => { await held; await route.continue(); }, { times: 1 });
    await page.keyboard.press("u");
    assert.equal(await page.locator("#last-text").textContent(), "Undoing …");
    for (const key of ["1", "u", "s"]) await page.keyboard.press(key);
    assert.equal(await passage(page), later);
    letGo();
    await page.waitForFunction(() => document.getElementById("last-text").textContent.startsWith("Undone"));
    assert.notEqual(await passage(page), later);
    await page.keyboard.press("3");
    await eventually(async () => assert.equal(await lines(), before + 2, "one undo and one decision"));
    const [undo, decision] = (await served.log()).slice(-2);
    assert.equal(decision.unit, (await served.log()).find((line) => line.sequence === undo.undo).unit);
    assert.equal(decision.seen, true);
    assert.equal(await passage(page), later);
  });

  await t.test("a note stays when the passage is drawn again", async () => {
    await page.keyboard.press("n");
    await page.keyboard.type("to be kept");
    await page.keyboard.press("Enter");
    await page.getByLabel("Hide title and source").click();
    assert.equal(await page.locator("#note").inputValue(), "to be kept");
    const before = await lines();
    await page.locator("#decisions .label").first().click();
    await eventually(async () => assert.equal(await lines(), before + 1));
    assert.equal((await served.log()).at(-1).note, "to be kept");
  });

  await t.test("a field keeps what is typed while a training runs", async () => {
    const before = await lines();
    const idle = await page.evaluate(() => fetch("/api/training").then((answer) => answer.json()));
    let polls = 0;
    const running = () => ({ ...idle, state: "running", stage: `round ${polls}`, done: polls, total: 100 });
    await page.route("**/api/train", (route) => route.fulfill(json(202, running())));
    await page.route("**/api/training", (route) => { polls += 1; return route.fulfill(json(200, running())); });
    await page.getByRole("button", { name: "Retrain now" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("#training .running").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Retrain now", "the focus stays on the button");
    await page.locator("#every").fill("");
    for (const digit of "123") {
      await page.keyboard.press(digit);
      const seen = polls;
      await eventually(async () => assert.ok(polls > seen + 1));
    }
    assert.equal(await page.locator("#every").inputValue(), "123");
    assert.equal(await page.evaluate(() => document.activeElement.id), "every");
    assert.match(await page.locator("#training").textContent(), /round \d+/);
    await page.unroute("**/api/train");
    await page.unroute("**/api/training");
    await page.locator("#training .running").waitFor({ state: "hidden" });
    assert.equal(await lines(), before, "no digit labeled a passage");
  });

  visitor.assertQuiet();
});
