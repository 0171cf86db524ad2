// The screens as they are late in a project: a trained model, corrected shares, a second coder, something that failed. axe-core finds
// nothing on any of them. Commands bring the work folders so far.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { assertStatesAccessible, unfold } from "./accessible.mjs";
import { articles, sideOf, writeTable } from "./archive.mjs";
import { Served, Visitor, eventually, folder, launch, passage, patience, program } from "./program.mjs";

const LABELS = ["pro-guarantee", "nato-skeptical", "neutral-analysis"];
const run = promisify(execFile);
let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** Labels passages of a queue by commands; `label` gets each passage and its number. */
async function decide(place, work, table, { queue, count, label }) {
  const next = await run(program, ["label", "next", work, "--queue", queue, "-n", String(count), "--inputs", table], { maxBuffer: 1 << 24 });
  const lines = next.stdout.trim().split("\n").map((line) => JSON.parse(line));
  const filled = lines.map((line, number) => JSON.stringify({ unit: line.unit, label: label(line.passage, number) }));
  const file = join(place, "filled.jsonl");
  await writeFile(file, filled.join("\n"));
  await run(program, ["label", "decide", work, "--from", file]);
}

const own = (text) => LABELS[Math.max(0, sideOf(text))];

test("screens late in a project", patience, async (t) => {
  const place = await folder(t);
  const table = await writeTable(place, articles(150, 23));
  const [work, others] = [join(place, "work"), join(place, "ben-labels")];
  await decide(place, work, table, { queue: "random", count: 60, label: own });
  await run(program, ["label", "train", work, "--on", "own"]);
  for (const [folder, label] of [[work, own], [others, (text, number) => (number % 4 ? own(text) : LABELS[number % 3])]]) {
    await run(program, ["label", "sample", folder, "-n", "50", "--inputs", table]);
    await decide(place, folder, table, { queue: "sample", count: 25, label });
  }
  await run(program, ["label", "train", work, "--on", "own"]);

  const served = await Served.start(t, [table], work, ["--second", others]);
  const visitor = await Visitor.enter(t, browser, served);
  const { page } = visitor;
  await visitor.open("/check");
  await eventually(async () => {
    await page.reload();
    assert.match(await page.locator("#sample").textContent({ timeout: 5000 }), /Corrected shares/);
  });

  const shown = (place, words) => (on) =>
    eventually(async () => assert.match(await on.locator(place).textContent(), words)).then(() => unfold(on));
  const failing = (path, act) => async (on) => {
    await on.route(path, (route) => route.abort());
    try {
      await act(on);
      await on.locator("#alerts .alert").waitFor();
    } finally {
      await on.unroute(path);
    }
  };
  const states = {
    "label, with a trained model": ["/label?queue=random", shown("#training", /Macro-F1 by number of labels/)],
    "label, the sample": ["/label?queue=sample", passage],
    "label, disagreements": ["/label?queue=disagreements", async (on) => {
      await passage(on);
      assert.match(await on.locator("#view").textContent(), /coder/);
    }],
    "label, an empty queue": ["/label?queue=second", (on) => on.locator("#empty:not([hidden])").waitFor()],
    "label, not saved": ["/label?queue=random", failing("**/api/decisions", async (on) => {
      await passage(on);
      await on.keyboard.press("1");
    })],
    "check, shares and agreement": ["/check", async (on) => {
      await shown("#sample", /Corrected shares/)(on);
      assert.match(await on.locator("#second").textContent(), /alpha[^]*disagreements/);
      assert.match(await on.locator("#compare").textContent(), /against/);
    }],
    "check, an export that failed": ["/check", failing("**/api/export?*", async (on) => {
      await shown("#sample", /Corrected shares/)(on);
      await on.getByRole("link", { name: "Table", exact: true }).click();
    })],
    "read, something that failed": ["/read", failing("**/api/read", async (on) => {
      await on.getByLabel("Text", { exact: true }).fill("A text.");
      await on.getByRole("button", { name: "Read", exact: true }).click();
    })],
  };
  await assertStatesAccessible(t, page, served.origin, states);
  visitor.complaints = visitor.complaints.filter((text) => !/Failed to (load|fetch)/.test(text));
  visitor.assertQuiet();
});
