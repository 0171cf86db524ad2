// A model with labels of one's own that are markup, and that have no place on an axis: labels are only ever text, and no slant is offered.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { articles, parseTable, sideOf, writeTable } from "./archive.mjs";
import { Served, Visitor, eventually, folder, launch, passage, patience, program, saved } from "./program.mjs";

const LABELS = ["</script>", "<img src=x onerror=globalThis.pwned=1>", "\"><svg onload=globalThis.pwned=1>"];
const run = promisify(execFile);
let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** No label has become an element, and none has run. */
async function assertText(page) {
  const found = await page.evaluate(() => ({
    elements: document.querySelectorAll("main img, main script, main iframe, [onload], [onerror], dialog img, dialog script").length,
    scripts: [...document.scripts].map((script) => script.getAttribute("src")),
    pwned: globalThis.pwned,
  }));
  assert.deepEqual(found, { elements: 0, scripts: ["/assets/app.js"], pwned: undefined });
}

test("labels that are markup", patience, async (t) => {
  const place = await folder(t);
  const labeled = articles(120, 17).map(({ text }) => ({ text, label: LABELS[sideOf(text)] }));
  const model = join(place, "own.safetensors");
  await run(program, ["train", await writeTable(place, labeled, "labeled.csv"), "--quiet", "--output", model]);
  const rows = articles(40, 13);
  const served = await Served.start(t, [await writeTable(place, rows)], join(place, "work"), ["--model", model]);
  const visitor = await Visitor.enter(t, browser, served);
  const { page } = visitor;

  await t.test("lists, verdicts and charts show them, and a slant that was chosen to sort by is left", async () => {
    let letGo = null;
    const held = new Promise((done) => { letGo = done; });
    await page.route(/\/api\/texts\?sort=slant&limit=1$/, async (route) => { await held; await route.continue(); });
    await visitor.open("/read");
    const sort = page.getByLabel("Sort by");
    await sort.selectOption("slant");
    letGo();
    await eventually(async () => assert.equal(await sort.inputValue(), "position"));
    assert.equal(await sort.locator("option[value=slant]").isDisabled(), true);
    await page.unroute(/\/api\/texts\?sort=slant&limit=1$/);
    await eventually(async () => assert.match(await page.locator("#rows").textContent(), /<\/script>/));
    await eventually(async () => assert.match(await page.locator("#groups-charts").textContent(), /<\/script>/));
    await page.locator("#filters [name=label]").selectOption({ label: LABELS[0] });
    await eventually(async () => assert.match(await page.locator("#archive-state").textContent(), /^\d+ of 40/));
    await page.locator("#rows a").first().click();
    await page.locator(".verdict h2").waitFor();
    await page.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
    assert.match(await page.locator(".verdict").textContent(), /<\/script>/);
    await assertText(page);
  });

  await t.test("buttons, keys, decisions and counts show them", async () => {
    await visitor.open("/label?queue=random");
    assert.deepEqual((await page.locator("#decisions .label span[dir]").allTextContents()).sort(), [...LABELS].sort());
    const names = await page.locator("#decisions .label span[dir]").allTextContents();
    await page.keyboard.press(String(1 + names.indexOf(LABELS[0])));
    await saved(page, 1);
    await eventually(async () => assert.ok((await page.locator("#last-text").textContent()).startsWith(`Saved: ${LABELS[0]}.`)));
    assert.ok((await page.locator("#live").textContent()).startsWith(`Saved: ${LABELS[0]}.`));
    assert.match(await page.locator("#progress").textContent(), /<\/script>/);
    await page.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
    await eventually(async () => assert.match(await page.locator("#recent").textContent(), /<\/script>/));
    assert.equal(await page.locator("#label-names").inputValue(), names.join("\n"));
    await page.keyboard.press("?");
    assert.match(await page.locator("dialog[open]").textContent(), /<\/script>/);
    await assertText(page);
    await page.keyboard.press("Escape");
    const [line] = await served.log();
    assert.equal(line.label, LABELS[0]);
  });

  await t.test("shares, exports and the evaluation page show them", async () => {
    await visitor.open("/check");
    await page.locator("#sample select").selectOption("50");
    await page.getByRole("button", { name: "Draw" }).click();
    await page.getByRole("link", { name: /sample/ }).click();
    await passage(page);
    const names = await page.locator("#decisions .label span[dir]").allTextContents();
    for (let number = 0; number < 60; number += 1) {
      if (await page.evaluate(() => !document.getElementById("empty").hidden)) break;
      const words = await passage(page);
      await page.keyboard.press(String(1 + names.indexOf(LABELS[sideOf(words)])));
      await page.waitForFunction((old) => document.getElementById("words").textContent !== old || !document.getElementById("empty").hidden, words);
    }
    await page.waitForFunction(() => document.getElementById("last-text").textContent.startsWith("Saved"));
    await visitor.open("/check");
    await eventually(async () => assert.match(await page.locator("#sample").textContent(), /Corrected shares of labels.*<\/script>/));
    await assertText(page);
    const fetched = async (name) => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name, exact: true }).click()]);
      const path = join(place, `${name}-${download.suggestedFilename()}`);
      await download.saveAs(path);
      return path;
    };
    const decided = [...(await served.decisions()).values()].map(({ label }) => label).filter(Boolean).sort();
    assert.equal(new Set(decided).size, LABELS.length);
    for (const name of ["Table", "Labels"]) {
      const exported = parseTable(await readFile(await fetched(name), "utf8"));
      assert.deepEqual(exported.map(({ label }) => label).filter(Boolean).sort(), decided, name);
    }
    const evaluation = await visitor.context.newPage();
    await evaluation.goto(pathToFileURL(await fetched("Evaluation page")).href);
    assert.match(await evaluation.locator("body").textContent(), /<\/script>/);
    assert.equal(await evaluation.evaluate(() => document.querySelectorAll("img, script, iframe, [onload], [onerror]").length + Number(globalThis.pwned ?? 0)), 0);
    await evaluation.close();
  });

  visitor.assertQuiet();
});
