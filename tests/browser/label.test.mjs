// Labels an archive by keys alone, takes back, reloads, kills, retrains, checks, exports and reads the export again.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { articles, parseTable, writeTable } from "./archive.mjs";
import { Served, Visitor, eventually, folder, launch, passage, patience, program, saved } from "./program.mjs";

const run = promisify(execFile);
/** Without spaces and line ends, which the page draws in its own way. */
const letters = (text) => text.replace(/\s+/g, "");
/** How often the program is killed: KILLS, or 3. */
const kills = Number(process.env.KILLS ?? 3);
let browser;

before(async () => { browser = await launch(); });
after(() => browser.close());

/** Notes for each key how long it took until another passage was drawn. */
const measure = (page) => page.evaluate(() => {
  globalThis.times = [];
  let since = 0;
  document.addEventListener("keydown", (event) => { since = event.timeStamp; }, true);
  new MutationObserver(() => {
    const begun = since;
    requestAnimationFrame(() => globalThis.times.push(performance.now() - begun));
  }).observe(document.getElementById("words"), { childList: true });
});

test("a session from the first label to the export", { timeout: patience.timeout + 20_000 * kills }, async (t) => {
  const place = await folder(t);
  // Each round up to a kill labels at most two dozen passages.
  // So many that enough labels are left to learn from beside a sample of fifty.
  const rows = articles(120 + 8 * kills);
  const table = await writeTable(place, rows);
  const work = join(place, "work");
  const served = await Served.start(t, [table], work, ["--coder", "Mara"]);
  const visitor = await Visitor.enter(t, browser, served);
  const { page } = visitor;
  await visitor.open("/label");

  await t.test("labels thirty passages by keys alone, each another one", async () => {
    await measure(page);
    const names = await page.locator("#decisions .label span").allTextContents();
    const shown = [];
    for (let number = 0; number < 30; number += 1) {
      const words = await passage(page);
      assert.ok(!shown.includes(words), `passage ${number} came twice`);
      shown.push(words);
      await page.keyboard.press(String(1 + (number % names.length)));
      await page.waitForFunction((old) => document.getElementById("words").textContent !== old, words);
    }
    await saved(page, 30);
    const log = await served.log();
    assert.equal(log.length, 30);
    log.forEach((line, number) => {
      assert.equal(line.label, names[number % names.length]);
      assert.equal(line.coder, "Mara");
      assert.equal(line.seen, false, "the model's view was not shown before");
      assert.equal(letters(line.text), letters(shown[number]));
    });
    const times = (await page.evaluate(() => globalThis.times)).sort((a, b) => a - b);
    t.diagnostic(`key to next text: p50 ${times[Math.floor(times.length / 2)].toFixed(1)} ms, p95 ${times[Math.floor(0.95 * times.length)].toFixed(1)} ms`);
  });

  await t.test("says what was saved and what the model says, after the decision", async () => {
    await passage(page);
    assert.match(await page.locator("#last-text").textContent(), /^Saved: .*The model /);
    // A passage that arrives later than the answer is said then.
    await eventually(async () => assert.match(await page.locator("#live").textContent(), /^(Saved: .*)?Next: /));
    assert.equal(await page.evaluate(() => document.activeElement.id), "passage");
  });

  await t.test("takes back as often as one likes", async () => {
    const log = await served.log();
    for (const [undone, number] of [[1, 29], [2, 28], [3, 27]]) {
      await page.keyboard.press("u");
      await saved(page, 30 - undone);
      assert.equal(letters(await passage(page)), letters(log[number].text));
    }
    for (const key of ["2", "s", "0"]) {
      const words = await passage(page);
      await page.keyboard.press(key);
      await page.waitForFunction((old) => document.getElementById("words").textContent !== old, words);
    }
    await saved(page, 30);
    const kinds = [...(await served.decisions()).values()].map((line) => line.kind);
    assert.deepEqual([kinds.filter((kind) => kind === "skip").length, kinds.filter((kind) => kind === "none").length], [1, 1]);
  });

  await t.test("changes the last decision with the model's view, and the log says that it was seen", async () => {
    const next = await passage(page);
    await page.keyboard.press("c");
    await page.waitForFunction(() => !document.getElementById("view").hidden);
    assert.match(await page.locator("#view").textContent(), /^You said fits none\. The model /);
    await page.keyboard.press("1");
    await page.waitForFunction(() => document.getElementById("last-text").textContent.startsWith("Changed: "));
    assert.equal(await passage(page), next, "the passage that lay on the desk is there again");
    await saved(page, 30);
    const last = (await served.log()).at(-1);
    assert.equal(last.seen, true);
    assert.equal(last.kind, "label");
    assert.ok(last.replaces > 0);
  });

  await t.test("notes and flags", async () => {
    await page.keyboard.press("f");
    await page.keyboard.press("n");
    await page.keyboard.type("quotes u, 1 and ?");
    await page.keyboard.press("Enter");
    await saved(page, 30);
    await page.keyboard.press("q");
    await saved(page, 31);
    const last = (await served.log()).at(-1);
    assert.deepEqual([last.kind, last.note, last.flag], ["unsure", "quotes u, 1 and ?", true]);
  });

  await t.test("goes on after a reload", async () => {
    const done = new Set([...(await served.decisions()).values()].map((line) => letters(line.text)));
    await page.reload();
    await saved(page, 31);
    assert.ok(!done.has(letters(await passage(page))));
  });

  await t.test("loses nothing that was shown as saved when it is killed", async () => {
    let unshown = 0;
    for (let round = 0; round < kills; round += 1) {
      const shown = await page.evaluate((wait) => new Promise((done) => {
        const counts = [];
        new MutationObserver(() => {
          counts.push(Number(document.getElementById("total").textContent));
          // The moment is counted from the first label that is shown as saved.
          if (counts.length === 1) setTimeout(() => done(counts), wait);
        }).observe(document.getElementById("progress"), { childList: true });
        const press = () => {
          document.dispatchEvent(new KeyboardEvent("keydown", { key: String(1 + (counts.length % 3)), bubbles: true, cancelable: true }));
          setTimeout(press, 20);
        };
        press();
      }), 300 * Math.random());
      assert.ok(shown.length > 0, "nothing was saved before it was killed");
      const killed = served.kill();
      const most = Math.max(shown.at(-1) ?? 0, Number(await page.locator("#total").textContent()));
      await killed;
      const decided = (await served.decisions()).size;
      assert.ok(decided >= most, `${most} were shown as saved, ${decided} are there`);
      await eventually(async () => assert.match(await page.locator("#alerts").textContent(), /is not responding/));
      await served.run();
      page.once("dialog", (dialog) => dialog.accept().catch(() => {}));
      await visitor.letIn();
      await visitor.open("/label");
      await saved(page, decided);
      unshown += decided - most;
    }
    t.diagnostic(`${kills} kills; ${unshown} decisions were on disk and not yet shown as saved`);
    await page.keyboard.press("u");
    await page.waitForFunction(() => document.getElementById("last-text").textContent.startsWith("Undone"));
  });

  await t.test("retrains on the labels in the background", async () => {
    // Beside the built-in texts a build without optimization would train for minutes, and begin again while others are waited for.
    const kept = page.waitForResponse((response) => response.url().endsWith("/api/session") && response.request().method() === "POST");
    await page.locator("#every").fill("0");
    await page.locator("#every").press("Tab");
    await kept;
    const stop = page.getByRole("button", { name: "Stop", exact: true });
    // It may end by itself between the look and the click.
    if (await stop.isVisible()) await stop.click({ timeout: 1000 }).catch(() => {});
    await stop.waitFor({ state: "hidden" });
    await page.locator("#from").selectOption("own");
    await page.getByRole("button", { name: "Retrain now" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => /Model \d+: trained on/.test(document.getElementById("training").textContent));
    const words = await passage(page);
    await page.locator("#passage").focus();
    await page.keyboard.press("3");
    await page.waitForFunction((old) => document.getElementById("words").textContent !== old, words);
    await page.waitForFunction(() => document.getElementById("last-text").textContent.startsWith("Saved"));
  });

  await t.test("draws a blind sample, codes it and corrects the shares", async () => {
    await visitor.open("/check");
    await page.locator("#sample select").selectOption("50");
    await page.getByRole("button", { name: "Draw" }).click();
    await page.getByRole("link", { name: /sample/ }).click();
    await passage(page);
    assert.equal(await page.locator("#queue").inputValue(), "sample");
    let isHidden = false;
    const gold = { b: "1", n: "2", p: "3" };
    for (let number = 0; number < 60; number += 1) {
      const isDone = await page.evaluate(() => !document.getElementById("empty").hidden);
      if (isDone) break;
      const words = await passage(page);
      const key = /must sign|will deter|cost lives|Concessions/.test(words) ? gold.p : /expanded toward|Guarantees from|More weapons|needs the threat/.test(words) ? gold.b : gold.n;
      await page.keyboard.press(key);
      await page.waitForFunction((old) => document.getElementById("words").textContent !== old || !document.getElementById("empty").hidden, words);
      if (number === 0) {
        await page.waitForFunction(() => document.getElementById("last-text").textContent.startsWith("Saved"));
        isHidden = /stays hidden/.test(await page.locator("#last-text").textContent());
      }
    }
    assert.ok(isHidden, "the model's view is not shown while the sample is coded");
    assert.equal(await page.locator("#decisions").isVisible(), false, "no key does anything where nothing is left");
    await eventually(async () => {
      await visitor.open("/check");
      await page.waitForFunction(() => document.getElementById("sample").textContent !== "");
      // A passage of the sample that was skipped before stays so.
      assert.match(await page.locator("#sample").textContent(), /(4[5-9]|50) of 50.passages coded.*Corrected shares/);
    });
  });

  await t.test("retrains without the sample, of which the model had learned a part", async () => {
    // Beside the built-in texts a build without optimization would train for minutes.
    await page.route("**/api/train", (route) => route.continue({ postData: JSON.stringify({ from: "own" }) }));
    await visitor.open("/check");
    assert.match(await page.locator("#sample .warning").textContent(), /was trained on \d+ of the/);
    await page.getByRole("button", { name: "Retrain without the sample" }).click();
    await eventually(async () => assert.equal(await page.locator("#sample .warning").count(), 0));
    assert.match(await page.locator("#compare").textContent(), /macro-F1 changed by|no answer changed/);
    await page.unroute("**/api/train");
  });

  await t.test("exports the table unchanged beside the labels, which the program reads again", async () => {
    const fetched = async (name) => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name, exact: true }).click()]);
      const path = join(place, `${name.replace(" ", "-")}-${download.suggestedFilename()}`);
      await download.saveAs(path);
      return path;
    };
    const exported = parseTable(await readFile(await fetched("Table"), "utf8"));
    const decided = [...(await served.decisions()).values()];
    for (const line of decided) {
      const matching = exported.filter((of) => of.passage === line.text);
      assert.equal(matching.length, 1, `rows for ${line.unit}`);
      const [row] = matching;
      assert.deepEqual([row.id, row.label], [line.article, line.label ?? ""]);
      const original = rows.find((of) => of.id === row.id);
      for (const column of Object.keys(original)) assert.equal(row[column], original[column], column);
    }
    const labels = await fetched("Labels");
    const labeled = decided.filter((line) => line.kind === "label");
    assert.equal(parseTable(await readFile(labels, "utf8")).filter((row) => row.label !== "").length, labeled.length);
    await run(program, ["train", labels, "--quiet", "--output", join(place, "own.safetensors")]);
    const evaluation = await readFile(await fetched("Evaluation page"), "utf8");
    assert.match(evaluation, /^<!doctype html>/i);
    await writeFile(join(place, "done"), "");
  });

  visitor.assertQuiet();
});
