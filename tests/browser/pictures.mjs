// Takes the pictures of the page that the documentation shows: `node pictures.mjs FOLDER`.
import assert from "node:assert/strict";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Served, Visitor, eventually, freePort, launch, passage, saved } from "./program.mjs";

const MAX_BYTES = 300_000;
const [, , to] = process.argv;
const data = fileURLToPath(new URL("../../data", import.meta.url));
const inputs = ["op-ed", "wire-report", "speech", "letter"].map((genre) => join(data, "stance", `${genre}.csv`));
const place = await mkdtemp(join(tmpdir(), "standpoint-pictures-"));
const ends = [() => rm(place, { recursive: true, force: true })];
const t = { after: (end) => ends.unshift(end) };
const browser = await launch();
t.after(() => browser.close());

const picture = async (page, name) => {
  const path = join(to, `${name}.png`);
  await page.screenshot({ path });
  const { size } = await stat(path);
  assert.ok(size <= MAX_BYTES, `${path} has ${size} bytes`);
  console.log(`${path}: ${Math.round(size / 1000)} KB`);
};

try {
  const served = new Served([join(data, "articles"), ...inputs], join(place, "work"), await freePort(), ["--coder", "Mara"]);
  t.after(() => served.kill());
  await served.run();
  const visitor = await Visitor.enter(t, browser, served);
  const { page } = visitor;

  await visitor.open("/read");
  await eventually(async () => assert.match(await page.locator("#archive-state").textContent(), /^[\d,]+.texts\.$/), 120_000);
  await page.locator("#rows a", { hasText: "signature" }).first().click();
  await page.locator(".verdict h2").waitFor();
  await page.evaluate(() => document.activeElement.blur());
  await picture(page, "read");

  await visitor.open("/label");
  // Beside the built-in texts a build without optimization would train for minutes.
  await page.locator("#every").fill("0");
  await page.locator("#every").press("Tab");
  await page.locator("#from").selectOption("own");
  await page.locator("#passage").focus();
  for (let number = 1; number <= 60; number += 1) {
    const words = await passage(page);
    await page.keyboard.press(/must|should|cannot/.test(words) ? "3" : /said|report/.test(words) ? "2" : "1");
    await saved(page, number);
  }
  await page.getByRole("button", { name: "Retrain now" }).click();
  await page.waitForFunction(() => /Model \d+: trained on/.test(document.getElementById("training").textContent) && !document.querySelector("#training .running:not([hidden])"), null, { timeout: 60_000 });
  await page.keyboard.press("3");
  await saved(page, 61);
  await page.waitForFunction(() => document.getElementById("last-text").textContent.startsWith("Saved"));
  await picture(page, "label");

  await visitor.open("/check");
  await page.locator("#sample select").selectOption("50");
  await page.getByRole("button", { name: "Draw" }).click();
  await page.getByRole("link", { name: /sample/ }).click();
  for (let number = 0; number < 50; number += 1) {
    if (await page.evaluate(() => !document.getElementById("empty").hidden)) break;
    const words = await passage(page);
    await page.keyboard.press(/must|should|cannot/.test(words) ? "3" : /said|report/.test(words) ? "2" : "1");
    await page.waitForFunction((old) => document.getElementById("words").textContent !== old || !document.getElementById("empty").hidden, words);
  }
  await page.waitForFunction(() => document.getElementById("last-text").textContent.startsWith("Saved"));
  await visitor.open("/check");
  await page.waitForFunction(() => document.getElementById("sample").textContent !== "");
  await picture(page, "check");
} finally {
  for (const end of ends) await end();
}
