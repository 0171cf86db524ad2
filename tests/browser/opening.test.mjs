// The page while the texts are read, and where they cannot be.
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Served, Visitor, eventually, folder, launch, passage, patience } from "./program.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const row = (_, number) => `${number},Gazette,The ministry said on day ${number} that the harbour must be defended and supplied.\n`;

test("reads a pasted text and shows the guideline while the texts are read", patience, async (t) => {
  const place = await folder(t);
  const guideline = join(place, "guideline.md");
  await writeFile(guideline, "# When a label applies\n");
  const served = await Served.start(t, ["-"], join(place, "work"), ["--input-format", "csv", "--guideline", guideline]);
  served.child.stdin.write(`id,source,text\n${Array.from({ length: 3000 }, row).join("")}`);
  const visitor = await Visitor.enter(t, browser, served);
  const { page } = visitor;
  const state = () => page.locator("#archive-state").textContent();
  await eventually(async () => assert.match(await state(), /^[1-9][\d,]*.texts read so far/));
  // The first texts can be opened at once.
  await eventually(async () => assert.equal(await page.locator("#rows li").count(), 50));
  await page.locator("#rows a").nth(3).click();
  await page.locator(".verdict h2").waitFor();
  await page.getByRole("button", { name: "Read another text" }).click();
  await page.getByLabel("Text", { exact: true }).fill("Ukraine must be given the weapons that it needs, the minister said. Aid must not stop now.");
  await page.getByRole("button", { name: "Read", exact: true }).click();
  await page.locator(".verdict h2").waitFor();
  await page.goto(`${served.origin}/label`);
  await page.getByText("The texts are being read").waitFor();
  assert.match(await page.locator("#guideline").textContent(), /When a label applies/);
  await page.goto(`${served.origin}/check`);
  assert.equal(await page.locator("#alerts .alert").count(), 0);
  await page.goto(`${served.origin}/label`);
  await page.getByText("The texts are being read").waitFor();
  served.child.stdin.end();
  assert.match(await passage(page), /harbour must be defended/);
  await page.goto(`${served.origin}/read`);
  await eventually(async () => assert.match(await state(), /^3,000.texts\./));
  visitor.assertQuiet();
});

test("says why the texts cannot be read, and ends", patience, async (t) => {
  const place = await folder(t);
  const served = await Served.start(t, ["-"], join(place, "work"), ["--input-format", "csv"]);
  const visitor = await Visitor.enter(t, browser, served);
  const { page } = visitor;
  // The program waits ten seconds for a page to tell it: one that asks how far it is.
  await page.waitForFunction(() => document.getElementById("archive-state").textContent !== "Loading …");
  const ended = once(served.child, "exit");
  served.child.stdin.end("id,text\n");
  const alert = page.locator("#alerts .alert");
  await alert.waitFor();
  assert.match(await alert.textContent(), /The texts cannot be read\..*found no text to label in/);
  assert.match(await page.locator("#archive-state").textContent(), /cannot be read/);
  const [code] = await ended;
  assert.equal(code, 1);
  visitor.assertQuiet();
});

test("says on the Label screen that no archive is open", patience, async (t) => {
  const place = await folder(t);
  const served = await Served.start(t, [], join(place, "work"));
  const visitor = await Visitor.enter(t, browser, served);
  await visitor.page.goto(`${served.origin}/label`);
  await visitor.page.getByRole("heading", { name: "No archive is open" }).waitFor();
  assert.equal(await visitor.page.locator("#decisions").isVisible(), false);
  visitor.assertQuiet();
});
