// Settles disagreements with a second coder: skipping one loses no label, and the count of passages left is right.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { articles, writeTable } from "./archive.mjs";
import { Served, Visitor, eventually, folder, launch, passage, patience, saved } from "./program.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** Presses a key that decides about the passage on the desk or skips it, and waits for the next one. */
async function press(page, key) {
  const words = await passage(page);
  await page.keyboard.press(key);
  await page.waitForFunction((old) => document.getElementById("passage").hidden || document.getElementById("words").textContent !== old, words);
}

test("settling disagreements", patience, async (t) => {
  const place = await folder(t);
  const table = await writeTable(place, articles(12, 3));
  const others = join(place, "others");
  const ben = await Served.start(t, [table], others, ["--coder", "Ben"]);
  const { page: bens } = await Visitor.enter(t, browser, ben).then(async (visitor) => {
    await visitor.open("/label?queue=random");
    return visitor;
  });
  for (let number = 0; number < 3; number += 1) await press(bens, "1");
  await saved(bens, 3);
  await ben.kill();

  const eva = await Served.start(t, [table], join(place, "work"), ["--coder", "Eva", "--second", others]);
  const visitor = await Visitor.enter(t, browser, eva);
  const { page } = visitor;
  const left = () => page.locator("#left").textContent();
  await visitor.open("/label?queue=second");
  for (let number = 3; number > 0; number -= 1) {
    await passage(page);
    assert.match(await left(), new RegExp(`^${number}\\spassages? left, including this one$`));
    await press(page, "2");
  }
  await saved(page, 3);
  const before = await eva.log();

  await t.test("skipping keeps the label, and the passage comes again behind the others", async () => {
    await visitor.open("/label?queue=disagreements");
    const shown = [];
    for (let number = 0; number < 6; number += 1) {
      shown.push(await passage(page));
      assert.match(await left(), /^3\spassages left, including this one$/);
      await press(page, "s");
    }
    assert.deepEqual(shown.slice(3), shown.slice(0, 3));
    assert.equal(new Set(shown).size, 3);
    assert.match(await page.locator("#last-text").textContent(), /^Skipped: the passage keeps “.+” and comes again/);
    assert.deepEqual(await eva.log(), before, "nothing is written");
  });

  await t.test("undo brings back what was skipped, and settling it counts", async () => {
    const next = await passage(page);
    await press(page, "u");
    assert.notEqual(await passage(page), next);
    assert.deepEqual(await eva.log(), before);
    await press(page, "1");
    assert.equal(await passage(page), next);
    assert.match(await left(), /^2\spassages left, including this one$/);
    await press(page, "1");
    await page.keyboard.press("1");
    await page.waitForFunction(() => document.getElementById("passage").hidden && !document.getElementById("empty").hidden);
    assert.match(await page.locator("#empty").textContent(), /There is no disagreement to settle/);
    // The page is ahead of the log.
    await eventually(async () => {
      const kinds = [...(await eva.decisions()).values()].map(({ kind, seen }) => [kind, seen]);
      assert.deepEqual(kinds, Array.from({ length: 3 }, () => ["label", true]));
    });
  });
  visitor.assertQuiet();
});
