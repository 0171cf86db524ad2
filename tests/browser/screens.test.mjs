// The screens: texts with their verdicts, the list, groups; axe-core finds nothing on any of them, in any of four windows.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { articles, writeTable } from "./archive.mjs";
import { assertStatesAccessible, unfold } from "./accessible.mjs";
import { Served, Visitor, axe, eventually, folder, launch, passage, patience } from "./program.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** One scene a paragraph instead of three: so about half of the texts are on the model's subject. */
const withFewScenes = (text) => text.split("\n\n").map((paragraph) =>
  paragraph.split(/(?<=\.) /).filter((sentence, at) => at === 0 || !/^A \w+ and \d+/.test(sentence)).join(" ")).join("\n\n");

test("screens", patience, async (t) => {
  const place = await folder(t);
  const rows = articles(60, 11).map((row) => ({ ...row, text: withFewScenes(row.text) }));
  const table = await writeTable(place, rows);
  const served = await Served.start(t, [table], join(place, "work"));
  const visitor = await Visitor.enter(t, browser, served);
  const { page } = visitor;
  const firstRow = () => page.locator("#rows .title").first().textContent();

  await t.test("lists, searches, filters and sorts the archive", async () => {
    await visitor.open("/read");
    await eventually(async () => assert.match(await page.locator("#archive-state").textContent(), /^60.texts\.$/));
    assert.equal(await page.locator("#rows li").count(), 50);
    await page.getByRole("button", { name: "Next" }).click();
    await eventually(async () => assert.equal(await page.locator("#rows li").count(), 10));
    await page.getByLabel("Search").fill(rows[33].title);
    await eventually(async () => {
      assert.match(await page.locator("#archive-state").textContent(), /^1 of 60/);
      assert.equal(await firstRow(), rows[33].title);
    });
    await page.getByLabel("Search").fill("no such words anywhere");
    await eventually(async () => assert.match(await page.locator("#rows").textContent(), /^No text matches/));
    await page.getByLabel("Search").fill("");
    await page.getByLabel("Sort by").selectOption("slant");
    const slants = async () => (await page.locator("#rows .line").allTextContents()).map((line) => /slant ([+−]?[\d.]+)/.exec(line)?.[1]).filter(Boolean).map((text) => Number(text.replace("−", "-")));
    await eventually(async () => {
      const found = await slants();
      assert.ok(found.length > 10);
      assert.deepEqual(found, [...found].sort((a, b) => a - b));
    });
    const verdicts = await page.locator("#rows .title + .line").allTextContents();
    const isJudged = verdicts.map((verdict) => verdict.includes("slant"));
    assert.ok(isJudged.lastIndexOf(true) + 1 === isJudged.indexOf(false), "off-topic texts come last, without a slant");
  });

  await t.test("shows a text with probabilities, marks in place and a table for readers", async () => {
    await page.locator("#rows a").first().press("Enter");
    await page.locator(".verdict h2").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.localName), "h2");
    const text = (await page.locator(".verdict .paragraph > p:not(.chip)").evaluateAll((all) => all.map((of) => {
      const copy = of.cloneNode(true);
      for (const extra of copy.querySelectorAll(".heard, .sign")) extra.remove();
      return copy.textContent;
    }))).join(" ").replace(/\s+/g, " ").trim();
    const title = await page.locator(".verdict h2").textContent();
    assert.equal(text, rows.find((row) => row.title === title).text.replace(/\s+/g, " ").trim(), "marks leave the text as it is");
    assert.ok((await page.locator(".verdict mark .heard").count()) > 0, "marks say what they mean");
    for (const layer of ["Sentences", "Words", "Nothing"]) {
      const choice = page.getByLabel(layer, { exact: true });
      if (await choice.count()) await choice.check();
    }
    assert.equal(await page.locator(".verdict .text mark").count(), 0);
    await page.locator(".verdict details summary").first().click();
    assert.match(await page.locator(".verdict figure table").textContent(), /%/);
    await page.goBack();
    await page.locator("#paste").waitFor();
  });

  await t.test("reads a pasted text and a dropped file", async () => {
    await page.getByLabel("Text", { exact: true }).fill(rows[1].text);
    await page.getByRole("button", { name: "Read", exact: true }).click();
    await page.locator(".verdict .answer").waitFor();
    assert.match(await page.locator("#live").textContent(), /:/);
    const transfer = await page.evaluateHandle((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "späth & co.txt", { type: "text/plain" }));
      return data;
    }, rows[2].text);
    await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
    await eventually(async () => assert.match(await page.locator(".verdict h2").textContent(), /späth & co/));
    await page.getByRole("button", { name: "Read another text" }).click();
    assert.equal(await page.evaluate(() => document.activeElement.name), "text");
  });

  await t.test("spells numbers and cuts marks as published pages do", async () => {
    const found = await page.evaluate(async () => {
      const { chance, count, percent, percentWithEnds, plain, short, signed } = await import("/assets/format.js");
      const { marksOf } = await import("/assets/highlight.js");
      const marks = marksOf([
        { start: 4, end: 9, label: "a", contribution: 1 }, { start: 0, end: 6, label: "a", contribution: -2 },
        { start: 12, end: 14, label: "b", contribution: 0.5 }, { start: 20, end: 22, label: "a", contribution: 0 },
      ], "a");
      return {
        numbers: [count(1234567), percent(0.413), percent(0.0004), percent(1), percentWithEnds(0.41, 0.38, 0.444), signed(-0.126), signed(-0.001)],
        chances: [chance(0.9999), chance(1), chance(0.994), chance(0.0004), chance(0)],
        texts: [plain("a\u202eb\u0000c\u200d"), short("one  two\nthree", 8), short("😀😀😀", 2)],
        marks: marks.map(({ start, end, amount, strong }) => [start, end, amount, strong]),
      };
    });
    assert.deepEqual(found, {
      numbers: ["1,234,567", "41\u00a0%", "0.04\u00a0%", "100\u00a0%", "41\u00a0% (38–44)", "−0.13", "0.00"],
      chances: [">99\u00a0%", "100\u00a0%", "99\u00a0%", "<1\u00a0%", "0\u00a0%"],
      texts: ["a\ufffdb\ufffdc\u200d", "one two…", "😀😀…"],
      marks: [[0, 6, -2, true], [6, 9, 1, true], [12, 14, -0.5, false]],
    });
  });

  await t.test("shows the guideline with its quotations, also in lists, and without comments", async () => {
    const found = await page.evaluate(async () => {
      const { markdown } = await import("/assets/markdown.js");
      const place = document.createElement("div");
      place.append(...markdown("# A\n<!-- b\n-->\n> one and\n> two\n\n1. **x** y\n\n   > three\n   >\n   > four\n\n2. z\n\nend"));
      return place.innerHTML.replaceAll(' dir="auto"', "");
    });
    assert.equal(found, "<h3>A</h3><blockquote><p>one and two</p></blockquote><ol><li><strong>x</strong> y<blockquote><p>three</p><p>four</p></blockquote></li><li>z</li></ol><p>end</p>");
  });

  await t.test("the legend says what the marks of the chosen layer mean", async () => {
    const { choices, texts } = await page.evaluate(async () => {
      const { verdictOf } = await import("/assets/verdict.js");
      const place = verdictOf({ text: "One. Two.", title: "t", verdict: { label: "a", top: "a", confidence: 0.9, probabilities: [] },
        words: [{ start: 0, end: 3, label: "a", contribution: 1 }], loaded_sentences: [{ start: 0, end: 4, probability: 0.9 }] }, [{ name: "a" }]);
      document.body.append(place);
      const inputs = [...place.querySelectorAll("input")];
      const texts = inputs.map((input) => { input.click(); return place.querySelector(".legend").textContent; });
      place.remove();
      return { choices: inputs.map((input) => input.value), texts };
    });
    assert.deepEqual(choices, ["words", "loaded_sentences", "none"]);
    assert.match(texts[0], /for.*against a/);
    assert.match(texts[1], /^loaded sentence/);
    assert.equal(texts[2], "");
  });

  await t.test("shows each paragraph’s own verdict, and that of the passage that it is judged in", async () => {
    const another = page.getByRole("button", { name: "Read another text" });
    if (await another.isVisible()) await another.click();
    await page.getByLabel("Text", { exact: true }).fill(`${rows[2].text}\n\nShare this article\n\nSo much for that.`);
    await page.getByRole("button", { name: "Read", exact: true }).click();
    await page.locator(".passage-head").waitFor();
    assert.match(await page.locator(".passage-head").textContent(), /^ All paragraphs together: (no label, )?\S+/);
    assert.match(await page.locator(".about-passages").textContent(), /as one passage.*by itself does not count/);
    const chips = await page.locator(".verdict .chip").allTextContents();
    assert.deepEqual(chips.map((chip) => /^\s?(Paragraph \d by itself|Left out)/.exec(chip)?.[1]), [
      "Paragraph 1 by itself", "Paragraph 2 by itself", "Paragraph 3 by itself", "Left out", "Paragraph 4 by itself",
    ]);
    assert.match(chips[4], /too short to judge by itself/);
    await another.click();
  });

  await t.test("draws groups by source and by date", async () => {
    await eventually(async () => assert.ok((await page.locator("#groups-charts figure").count()) >= 3));
    assert.match(await page.locator("#groups-charts svg").first().textContent(), /Baltic Courier/);
    await page.getByLabel("Date", { exact: true }).check();
    await eventually(async () => assert.match(await page.locator("#groups-charts svg").first().textContent(), /2026-01/));
    await page.route("**/api/groups*", (route) => route.fulfill({ json: { by: "source", column: null, period: null, labels: ["a"], groups: [], others: 0 } }));
    await page.getByLabel("Source", { exact: true }).and(page.locator("[type=radio]")).check();
    await eventually(async () => assert.match(await page.locator("#groups-note").textContent(), /^No text has a source or a date/));
    assert.equal(await page.locator("#groups-charts figure").count(), 0, "there are no charts of nothing");
    await page.unroute("**/api/groups*");
  });

  await t.test("names in charts that begin alike are cut where they differ", async () => {
    const names = ["The Morning Post, edition of the North", "The Morning Post, edition of the South", `${"😀".repeat(20)}a`, `${"😀".repeat(20)}b`, "Echo"];
    const drawn = await page.evaluate(async (all) => {
      const { ranges } = await import("/assets/charts.js");
      const chart = ranges({ title: "t", rows: all.map((name) => ({ name, value: 0.5, series: 0 })) });
      return [...chart.querySelectorAll("svg text.name")].map((of) => of.textContent).filter((text) => !text.endsWith("%"));
    }, names);
    assert.equal(new Set(drawn).size, names.length, drawn.join(", "));
    assert.deepEqual([drawn[0], drawn.at(-1)], ["The Morning Po…North", "Echo"]);
  });

  await t.test("on a small screen, the words of the next passage stand above the buttons", async () => {
    for (const [width, height] of [[360, 740], [640, 450]]) {
      await page.setViewportSize({ width, height });
      await visitor.open("/label?queue=random");
      const words = await passage(page);
      await page.keyboard.press("s");
      await page.waitForFunction((old) => document.getElementById("words").textContent !== old, words);
      const room = await page.evaluate(() =>
        document.getElementById("decisions").getBoundingClientRect().top - document.getElementById("words").getBoundingClientRect().top);
      assert.ok(room >= 48, `${room} px of words at ${width} x ${height}`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await visitor.open("/read");
  });

  await t.test("what went wrong is said with what to do", async () => {
    await page.route("**/api/read", (route) => route.abort());
    await page.getByLabel("Text", { exact: true }).fill("A text.");
    await page.getByRole("button", { name: "Read", exact: true }).click();
    await eventually(async () => assert.match(await page.locator("#alerts").textContent(), /is not responding.*standpoint serve/));
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.unroute("**/api/read");
    visitor.complaints = visitor.complaints.filter((text) => !/Failed to load/.test(text));
  });

  const states = {
    "read": ["/read", (on) => eventually(async () => assert.ok((await on.locator("#groups-charts figure").count()) >= 3))],
    "read, with a text": ["/read#text=0", async (on) => {
      await on.locator(".verdict h2").waitFor();
      await unfold(on);
    }],
    "label": ["/label", async (on) => {
      await passage(on);
      await on.keyboard.press("1");
      await on.waitForFunction(() => document.getElementById("last-text").textContent.startsWith("Saved"));
      await unfold(on);
    }],
    "label, changing with a note": ["/label", async (on) => {
      await passage(on);
      await on.keyboard.press("1");
      await on.waitForFunction(() => document.getElementById("last-text").textContent.startsWith("Saved"));
      await on.keyboard.press("c");
      await on.keyboard.press("n");
    }],
    "keys": ["/label", async (on) => { await passage(on); await on.keyboard.press("?"); await on.locator("dialog[open]").waitFor(); }],
    "check": ["/check", (on) => eventually(async () => assert.notEqual(await on.locator("#compare").textContent(), ""))],
  };
  await assertStatesAccessible(t, page, served.origin, states);

  await t.test("axe-core finds nothing on the page for strangers", async () => {
    const stranger = await browser.newContext();
    const locked = await stranger.newPage();
    await locked.goto(`${served.origin}/read`);
    await locked.evaluate(axe);
    const { violations } = await locked.evaluate(() => globalThis.axe.run());
    assert.deepEqual(violations.map(({ id }) => id), []);
    await stranger.close();
  });

  await t.test("marks stay visible where the system chooses the colors", async () => {
    await page.emulateMedia({ forcedColors: "active" });
    await page.goto("about:blank");
    await page.goto(`${served.origin}/read#text=0`);
    await page.locator(".verdict mark").first().waitFor();
    const line = await page.locator(".verdict mark").first().evaluate((of) => getComputedStyle(of).textDecorationLine);
    assert.equal(line, "underline");
    await page.emulateMedia({ forcedColors: "none" });
  });

  visitor.assertQuiet();
});
