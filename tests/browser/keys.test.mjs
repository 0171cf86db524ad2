// Keys: never while something is written, composed or asked, changeable, off; screen readers; several tabs.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { articles, writeTable } from "./archive.mjs";
import { Served, Visitor, eventually, folder, launch, passage, patience, saved } from "./program.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test("keys", patience, async (t) => {
  const place = await folder(t);
  const table = await writeTable(place, articles(40, 7));
  const served = await Served.start(t, [table], join(place, "work"));
  const visitor = await Visitor.enter(t, browser, served);
  const { page } = visitor;
  await visitor.open("/label");

  /** A key of the page as an event, which tests may change in ways that no keyboard has. */
  const dispatch = (init) => page.evaluate((of) => {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...of }));
  }, init);

  // Passages change as soon as a key is taken, and decisions are saved in order: one more that is saved alone shows that there was none.
  const nothingHappens = async (act) => {
    const [words, total] = [await passage(page), (await served.log()).length];
    await act();
    assert.equal(await passage(page), words);
    await page.locator("#decisions [data-action=skip]").click();
    await eventually(async () => assert.ok((await served.log()).length > total));
    const log = await served.log();
    assert.equal(log.length, total + 1);
    assert.equal(log.at(-1).kind, "skip");
  };

  /** The control: without what keeps it from being one, the key is a decision. */
  const decides = async (act) => {
    const [words, total] = [await passage(page), (await served.log()).length];
    await act();
    await page.waitForFunction((old) => document.getElementById("words").textContent !== old, words);
    await eventually(async () => assert.equal((await served.log()).length, total + 1));
    return (await served.log()).at(-1);
  };

  await t.test("a key that composes a letter does nothing", async () => {
    const session = await visitor.context.newCDPSession(page);
    await nothingHappens(async () => {
      for (const init of [{ isComposing: true }, { keyCode: 229 }, { key: "Process", keyCode: 229 }, { key: "Dead" }]) {
        await dispatch({ key: "1", code: "Digit1", ...init });
      }
      await page.keyboard.press("n");
      await session.send("Input.imeSetComposition", { text: "に", selectionStart: 1, selectionEnd: 1 });
      await page.evaluate(() => document.getElementById("note").dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true })));
      await page.evaluate(() => document.getElementById("note").dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true })));
      assert.equal(await page.evaluate(() => document.activeElement.id), "note", "Enter ends the composition, not the note");
      await session.send("Input.insertText", { text: "日本1" });
      assert.equal(await page.locator("#note").inputValue(), "日本1");
      await page.locator("#note").fill("");
      await page.keyboard.press("Escape");
    });
    assert.equal((await decides(() => dispatch({ key: "1", code: "Digit1" }))).kind, "label");
  });

  await t.test("the row of digits counts by place where it writes other signs", async () => {
    const names = await page.locator("#decisions .label span").allTextContents();
    assert.equal((await decides(() => dispatch({ key: "&", code: "Digit1" }))).label, names[0], "French");
    assert.equal((await decides(() => dispatch({ key: "ě", code: "Digit2" }))).label, names[1], "Czech");
    assert.equal((await decides(() => dispatch({ key: "à", code: "Digit0" }))).kind, "none", "French");
    await nothingHappens(() => dispatch({ key: "!", code: "Digit1", shiftKey: true }));
  });

  await t.test("keys with modifiers and keys that are held do nothing", async () => {
    await nothingHappens(async () => {
      for (const modifier of ["ctrlKey", "altKey", "metaKey"]) await dispatch({ key: "2", code: "Digit2", [modifier]: true });
    });
    await decides(() => dispatch({ key: "2", code: "Digit2" }));
    await decides(() => page.keyboard.down("1"));
    await nothingHappens(async () => { for (let repeat = 0; repeat < 10; repeat += 1) await page.keyboard.down("1"); });
    await page.keyboard.up("1");
  });

  await t.test("keys do nothing in fields and under an open dialog", async () => {
    await nothingHappens(async () => {
      await page.locator("#every").focus();
      await page.keyboard.press("1");
      await page.locator("#every").fill("0");
      await page.locator("#queue").focus();
      await page.keyboard.press("3");
      await page.locator("#passage").focus();
      await page.keyboard.press("?");
      await page.locator("dialog[open]").waitFor();
      await page.keyboard.press("1");
      await page.keyboard.press("u");
      await page.keyboard.press("Escape");
      await page.locator("dialog").waitFor({ state: "hidden" });
    });
  });

  await t.test("keys can be changed, and stay so", async () => {
    await page.locator("#passage").focus();
    await page.keyboard.press("?");
    await page.getByRole("button", { name: "Change the key of Skip" }).click();
    await page.keyboard.press("u");
    assert.match(await page.locator("dialog [role=status]").textContent(), /^u is already used for “Undo”/, "a key of another action is refused");
    await page.keyboard.press("x");
    await page.waitForFunction(() => /now has the key x/.test(document.querySelector("dialog [role=status]").textContent));
    await page.getByRole("button", { name: "Change the key of Flag" }).click();
    await page.keyboard.press("y");
    await page.waitForFunction(() => /now has the key y/.test(document.querySelector("dialog [role=status]").textContent));
    await page.keyboard.press("Escape");
    await page.reload();
    await passage(page);
    const keyOf = (action) => page.locator(`#decisions [data-action=${action}] kbd`).textContent();
    assert.deepEqual([await keyOf("skip"), await keyOf("flag")], ["x", "y"], "the second change keeps the first");
    const before = (await served.log()).length;
    await page.keyboard.press("s");
    await page.keyboard.press("x");
    await eventually(async () => assert.equal((await served.log()).length, before + 1));
    assert.equal((await served.log()).at(-1).kind, "skip");
  });

  await t.test("keys can be turned off; buttons go on working", async () => {
    await page.keyboard.press("?");
    await page.getByLabel("Keys are on").click();
    await page.waitForFunction(() => document.querySelector("#decisions kbd").hidden);
    await page.keyboard.press("Escape");
    await nothingHappens(() => page.keyboard.press("1"));
    const before = (await served.log()).length;
    await page.locator("#decisions .label").first().click();
    await eventually(async () => assert.equal((await served.log()).length, before + 1));
    await page.getByRole("button", { name: "Keys" }).click();
    await page.getByLabel("Keys are on").click();
    await page.getByRole("button", { name: "Reset all keys" }).click();
    await page.waitForFunction(() => [...document.querySelectorAll("#decisions kbd")].some((of) => of.textContent === "s" && !of.hidden));
    await page.keyboard.press("Escape");
  });

  await t.test("all that the mouse does, Tab and Enter do", async () => {
    await visitor.open("/label");
    // Undo can be pressed once decisions are counted, and the training has its fields once it is asked for.
    await page.waitForFunction(() => !document.getElementById("undo").disabled && document.getElementById("every"));
    const reached = new Set();
    for (let press = 0; press < 60; press += 1) {
      await page.keyboard.press("Tab");
      const name = await page.evaluate(() => {
        const of = document.activeElement;
        if (of === document.body) return null;
        const { outlineStyle } = getComputedStyle(of);
        return `${of.id || of.dataset.action || of.textContent.trim()}${outlineStyle === "none" ? " without a ring" : ""}`;
      });
      if (name) reached.add(name);
    }
    for (const wanted of ["queue", "hide-source", "undo", "skip", "note", "flag", "from", "every", "guideline"]) {
      assert.ok(reached.has(wanted), `${wanted} is not reached by Tab: ${[...reached].join(", ")}`);
    }
    assert.deepEqual([...reached].filter((name) => name.endsWith("without a ring")), []);
    const before = (await served.log()).length;
    await page.locator("#decisions .label").nth(1).focus();
    await page.keyboard.press("Enter");
    await eventually(async () => assert.equal((await served.log()).length, before + 1));
    assert.equal(await page.evaluate(() => document.activeElement.closest("#decisions") !== null), true, "the focus stays on the button");
  });

  await t.test("a screen reader finds landmarks, headings and names", async () => {
    const tree = await page.locator("body").ariaSnapshot();
    for (const wanted of [
      /- banner/, /- main/, /- contentinfo/, /- navigation "Screens"/, /- complementary/, /- heading "Label" \[level=1\]/, /- heading "Your labels" \[level=2\]/,
      /- group "Your decision"/, /- status/, /- button "Fits none 0"/, /- article /,
    ]) assert.match(tree, wanted);
  });

  await t.test("two tabs never show the same passage after one has decided it", async () => {
    const other = await visitor.context.newPage();
    await visitor.open("/label?queue=random");
    await visitor.open("/label?queue=random", other);
    const words = await passage(page);
    assert.equal(await passage(other), words);
    await page.keyboard.press("1");
    await other.waitForFunction((old) => document.getElementById("words").textContent !== old, words);
    const total = (await served.decisions()).size;
    await other.keyboard.press("2");
    await eventually(async () => assert.equal((await served.decisions()).size, total + 1));
    await other.waitForFunction(() => document.getElementById("last-text").textContent.startsWith("Saved"));
    await other.close();
  });

  await t.test("of two tabs, each undoes its own decisions and says so before it undoes one of the other", async () => {
    const other = await visitor.context.newPage();
    await visitor.open("/label?queue=random");
    await visitor.open("/label?queue=random", other);
    const lastText = (on) => on.locator("#last-text").textContent();
    const decide = async (on) => {
      const before = (await served.log()).length;
      await passage(on);
      await on.keyboard.press("1");
      await on.waitForFunction(() => document.getElementById("last-text").textContent.startsWith("Saved"));
      assert.equal((await served.log()).length, before + 1);
    };
    const undoes = async (on) => {
      const { length } = await served.log();
      await on.keyboard.press("u");
      await on.waitForFunction(() => document.getElementById("last-text").textContent.startsWith("Undone"));
      const log = await served.log();
      assert.equal(log.length, length + 1);
      return log.at(-1).undo;
    };
    await decide(page);
    const { sequence: first } = (await served.log()).at(-1);
    await decide(other);
    const { sequence: second } = (await served.log()).at(-1);
    const total = (await served.decisions()).size;
    await saved(page, total);
    await saved(other, total);

    await page.keyboard.press("u");
    await page.waitForFunction(() => document.getElementById("last-text").textContent.includes("made in another tab"));
    assert.equal((await served.decisions()).size, total, "nothing is undone yet");
    assert.equal(await undoes(other), second);
    await saved(page, total - 1);
    assert.equal(await undoes(page), first, "its own is the last one now");

    await decide(page);
    const { sequence: third } = (await served.log()).at(-1);
    await saved(other, total - 1);
    await other.keyboard.press("u");
    await other.waitForFunction(() => document.getElementById("last-text").textContent.includes("made in another tab"));
    assert.equal(await undoes(other), third, "once more");
    await page.waitForFunction(() => document.getElementById("last-text").textContent.includes("undone in another tab"));
    assert.equal(await page.locator("#change").isDisabled(), true);
    assert.doesNotMatch(await lastText(other), /another tab/);
    await other.close();
  });

  await t.test("a queue that was chosen stays when the screen is opened again, until it is empty", async () => {
    await visitor.open("/label");
    await page.locator("#queue").selectOption("random");
    await passage(page);
    for (const name of ["Read", "Label"]) await page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name }).click();
    await passage(page);
    assert.equal(await page.locator("#queue").inputValue(), "random");
    await page.locator("#queue").selectOption("second");
    await page.getByText("Nothing left here").waitFor();
    for (const name of ["Read", "Label"]) await page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name }).click();
    await passage(page);
    assert.equal(await page.locator("#queue").inputValue(), "uncertain");
  });

  visitor.assertQuiet();
});
