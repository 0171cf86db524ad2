// What a screen reader gets of each screen: landmarks, headings in order, a name for all that can be used, and what is said meanwhile.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { articles, writeTable } from "./archive.mjs";
import { VIEWS, assertAccessible } from "./accessible.mjs";
import { Served, Visitor, eventually, folder, launch, passage, patience } from "./program.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const USABLE = /^\s*- '?(button|link|textbox|searchbox|combobox|checkbox|radio|spinbutton|progressbar|img|region|search|navigation|complementary)\b/;

/** The tree of the page that is shown, as lines. All that has to be right on every screen is checked. */
async function treeOf(page) {
  const tree = await page.locator("body").ariaSnapshot();
  const lines = tree.split("\n");
  for (const landmark of ["banner", "main", "contentinfo", "status", "alert"]) {
    assert.equal(lines.filter((line) => new RegExp(`^- ${landmark}\\b`).test(line)).length, 1, `one ${landmark} at the top:\n${tree}`);
  }
  assert.match(tree, /^  - navigation "Screens":$/m);
  const nameless = lines.filter((line) => USABLE.test(line) && !/^\s*- '?\w+ "/.test(line));
  assert.deepEqual(nameless, [], "all that can be used has a name");
  const levels = [...tree.matchAll(/^\s*- '?heading .*\[level=(\d)\]/gm)].map(([, level]) => Number(level));
  assert.deepEqual(levels.filter((level) => level === 1), [1], `one heading of the first level:\n${tree}`);
  levels.forEach((level, at) => assert.ok(level <= (levels[at - 1] ?? 0) + 1, `no level is left out: ${levels}`));
  return tree;
}

/** Checks that the tree has each of these as a line of its own, in this order. */
function assertInOrder(tree, wanted) {
  let rest = tree;
  for (const line of wanted) {
    const at = rest.search(new RegExp(`^\\s*- '?${line}`, "m"));
    assert.ok(at >= 0, `${line} is missing, or stands elsewhere:\n${tree}`);
    rest = rest.slice(at + 1);
  }
}

test("screen readers", patience, async (t) => {
  const place = await folder(t);
  const rows = articles(60, 19);
  const served = await Served.start(t, [await writeTable(place, rows)], join(place, "work"));
  const visitor = await Visitor.enter(t, browser, served);
  const { page } = visitor;
  const said = () => page.locator("#live").textContent();

  await t.test("what is said goes through live regions that were there from the beginning", async () => {
    for (const path of ["/read", "/label", "/check"]) {
      const answer = await page.request.get(`${served.origin}${path}`);
      const markup = await answer.text();
      assert.match(markup, /<p class="heard" id="live" role="status" aria-live="polite"><\/p>/, path);
      assert.match(markup, /<div class="alerts" id="alerts" role="alert"><\/div>/, path);
    }
  });

  await t.test("Read: the archive, the list, a text of one's own, and groups", async () => {
    await visitor.open("/read");
    await eventually(async () => assert.ok((await page.locator("#groups-charts figure").count()) >= 3));
    assertInOrder(await treeOf(page), [
      'heading "Read" \\[level=1\\]', 'region "Archive":', 'heading "Archive" \\[level=2\\]', 'search "Texts of the archive":',
      'searchbox "Search"', 'combobox "Label"', 'combobox "Source"', 'combobox "Sort by"', 'checkbox "Reverse order"', "list:", 'link "Letter 0 from ',
      'navigation "Pages of the list":', 'button "Previous" \\[disabled\\]', 'button "Next"', 'region "Reading":',
      'heading "Read a text of your own" \\[level=2\\]', 'textbox "Title, if there is one"', 'textbox "Text"', 'button "Read"', 'button "or a file"',
      'region "Groups":', 'heading "Groups" \\[level=2\\]', 'group "Group by":', 'radio "Source" \\[checked\\]', 'radio "Date"', "figure:", 'heading "Labeled .*\\[level=3\\]', 'img "Labeled ',
    ]);
  });

  await t.test("Read: a text, its verdict said, its marks explained", async () => {
    await page.locator("#rows a").first().press("Enter");
    await page.locator(".verdict h2").waitFor();
    await page.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
    const title = rows[0].title;
    assertInOrder(await treeOf(page), ['region "Reading":', 'button "Read another text"', `heading "${title}" \\[level=2\\]`, "figure", "table", "mark: .*against|mark: .*for"]);
    assert.ok((await said()).startsWith(`${title}: `), await said());
    assert.equal(await page.evaluate(() => document.activeElement.textContent), title, "reading begins at its title");
  });

  await t.test("Read: what went wrong is an alert with its remedy", async () => {
    await page.getByRole("button", { name: "Read another text" }).click();
    await page.route("**/api/read", (route) => route.abort());
    await page.getByLabel("Text", { exact: true }).fill("A text.");
    await page.getByRole("button", { name: "Read", exact: true }).click();
    await page.locator("#alerts .alert").waitFor();
    assertInOrder(await treeOf(page), ["alert:", "paragraph:", "strong: The program is not responding\\.", 'button "Dismiss"', "main:"]);
    await page.unroute("**/api/read");
  });

  await t.test("Label: the passage, one button for each decision, what was saved", async () => {
    await visitor.open("/label");
    const first = await passage(page);
    await page.keyboard.press("2");
    await page.waitForFunction(() => document.getElementById("last-text").textContent.startsWith("Saved"));
    await page.waitForFunction((old) => document.getElementById("words").textContent !== old, first);
    await page.waitForFunction(() => document.getElementById("every"));
    const names = await page.locator("#decisions .label span[dir]").allTextContents();
    assertInOrder(await treeOf(page), [
      'heading "Label" \\[level=1\\]', 'form "Queue":|combobox "Queue"', 'article ', 'heading ".*" \\[level=2\\]',
      'group "Your decision":', ...names.map((name, at) => `button "${name} ${at + 1}"`), 'button "Fits none 0"', 'button "Unsure q"', 'button "Skip s"', 'button "Note n"', 'button "Flag f"',
      'complementary "Progress, training and guideline":', 'heading "Your labels" \\[level=2\\]', 'heading "Guideline" \\[level=2\\]', 'heading "Model" \\[level=2\\]', 'button "Retrain now"',
    ]);
    // A passage that arrives later than the answer is said then.
    await eventually(async () => assert.match(await said(), /^(Saved: .+\. The model .+ )?Next: .+\.\s?$/));
    assert.equal(await page.evaluate(() => document.activeElement.id), "passage");
  });

  await t.test("Check: each section with its heading, fields and buttons", async () => {
    await visitor.open("/check");
    await eventually(async () => assert.notEqual(await page.locator("#compare").textContent(), ""));
    assertInOrder(await treeOf(page), [
      'heading "Check before you publish" \\[level=1\\]', 'region "Blind sample":', 'heading "Blind sample" \\[level=2\\]', 'combobox "Passages"', 'spinbutton "Seed"', 'button "Draw"',
      'region "Second coder":', 'heading "Second coder" \\[level=2\\]', 'region "Old model and new":', 'heading "Old model and new" \\[level=2\\]',
      'region "Export":', 'heading "Export" \\[level=2\\]', 'link "Table"', 'link "Table for Excel"', 'link "Labels"', 'link "Evaluation page"',
    ]);
  });

  await t.test("Check: a sample is said to be drawn, and its progress has a name", async () => {
    await page.locator("#sample select").selectOption("50");
    await page.getByRole("button", { name: "Draw" }).press("Enter");
    await page.waitForFunction(() => document.getElementById("live").textContent.startsWith("The sample is drawn."));
    assertInOrder(await treeOf(page), ['region "Blind sample":', "paragraph: \"?\\d+ of 50.passages coded", 'progressbar "Passages of the sample that are coded"', 'link "(Code|Continue coding) the sample"', 'region "Second coder":']);
    assert.match(await page.evaluate(() => document.activeElement.textContent), /the sample$/, "Enter goes on to it");
    for (const { width, colorScheme } of VIEWS) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await assertAccessible(page, `${width} px, ${colorScheme}`);
    }
  });

  visitor.assertQuiet();
});
