// Takes the pictures of the page that the documentation shows, each screen in light and in dark, in a window and on a phone: `node pictures.mjs FOLDER`.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseTable } from "./archive.mjs";
import { Served, Visitor, eventually, freePort, launch, passage, saved, unspaced } from "./program.mjs";

const MAX_BYTES = 300_000;
const [, , to] = process.argv;
const data = fileURLToPath(new URL("../../data", import.meta.url));
const inputs = ["op-ed", "wire-report", "speech", "letter"].map((genre) => join(data, "stance", `${genre}.csv`));
const place = await mkdtemp(join(tmpdir(), "standpoint-pictures-"));
const ends = [() => rm(place, { recursive: true, force: true })];
const t = { after: (end) => ends.unshift(end) };
const browser = await launch();
t.after(() => browser.close());

const WINDOW = { width: 1280, height: 900 };
const PHONE = { width: 420, height: 900 };
const VIEWS = [["", "light", WINDOW], ["-dark", "dark", WINDOW], ["-phone", "light", PHONE], ["-phone-dark", "dark", PHONE]];

/** Takes the pictures of a screen; on a phone, where its parts stand below each other, from `top` on. */
const picture = async (page, name, top) => {
  for (const [suffix, colorScheme, size] of VIEWS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    await page.evaluate((id) => (id ? document.getElementById(id).scrollIntoView() : scrollTo(0, 0)), size === WINDOW ? null : top);
    const path = join(to, `${name}${suffix}.png`);
    await page.screenshot({ path, animations: "disabled" });
    const { size: bytes } = await stat(path);
    assert.ok(bytes <= MAX_BYTES, `${path} has ${bytes} bytes`);
    console.log(`${path}: ${Math.round(bytes / 1000)} KB`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(WINDOW);
};

/** The labels of the texts, by how they begin. */
const labels = new Map();
const beginning = (text) => unspaced(text).slice(0, 80);
for (const input of inputs) {
  for (const { text, label } of parseTable(await readFile(input, "utf8"))) labels.set(beginning(text), label);
}

/** The key of a passage's label; the articles, which have none, fit none. */
const keyOf = async (page, words) => {
  const names = await page.locator("#decisions .label span[dir]").allTextContents();
  const at = names.indexOf(labels.get(beginning(words)));
  return at < 0 ? "0" : String(1 + at);
};

try {
  const served = new Served([join(data, "articles"), ...inputs], join(place, "work"), await freePort(), ["--coder", "Mara"]);
  t.after(() => served.kill());
  await served.run();
  const visitor = await Visitor.enter(t, browser, served);
  const { page } = visitor;

  await visitor.open("/read");
  await eventually(async () => assert.match(await page.locator("#archive-state").textContent(), /^[\d,]+.texts\.$/));
  await page.locator("#rows a", { hasText: "signature" }).first().click();
  await page.locator(".verdict h2").waitFor();
  await page.evaluate(() => document.activeElement.blur());
  await picture(page, "read", "pane");

  await visitor.open("/label");
  // Beside the built-in texts a build without optimization would train for minutes.
  await page.locator("#every").fill("0");
  await page.locator("#every").press("Tab");
  await page.locator("#from").selectOption("own");
  await page.locator("#passage").focus();
  for (let number = 1; number <= 60; number += 1) {
    const words = await passage(page);
    await page.keyboard.press(await keyOf(page, words));
    await saved(page, number);
  }
  await page.getByRole("button", { name: "Retrain now" }).click();
  await page.waitForFunction(() => /Model \d+: trained on/.test(document.getElementById("training").textContent) && !document.querySelector("#training .running:not([hidden])"));
  await page.keyboard.press(await keyOf(page, await passage(page)));
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
    await page.keyboard.press(await keyOf(page, words));
    await page.waitForFunction((old) => document.getElementById("words").textContent !== old || !document.getElementById("empty").hidden, words);
  }
  await page.waitForFunction(() => document.getElementById("last-text").textContent.startsWith("Saved"));
  await visitor.open("/check");
  await page.route("**/api/train", (route) => route.continue({ postData: JSON.stringify({ from: "own" }) }));
  await page.waitForFunction(() => document.getElementById("sample").textContent !== "");
  const retrain = page.getByRole("button", { name: "Retrain without the sample" });
  if (await retrain.count()) await retrain.click();
  await eventually(async () => assert.match(await page.locator("#sample").textContent(), /^((?!was trained on).)*Corrected shares/));
  await picture(page, "check");
} finally {
  for (const end of ends) await end();
}
