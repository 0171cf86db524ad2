// Looks at a page with axe-core, in light and dark, on a screen and on a phone.
import assert from "node:assert/strict";
import { axe } from "./program.mjs";

/** What a page is looked at in. */
export const VIEWS = [1280, 420].flatMap((width) => ["light", "dark"].map((colorScheme) => ({ width, colorScheme })));

/** axe-core finds nothing on the page as it is, and nothing is wider than the window. */
export async function assertAccessible(page, name) {
  await page.evaluate(axe);
  // Rows of the list are alike: a few of them are looked at.
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run({ exclude: [["#rows li:nth-child(n+5)"]] }, { resultTypes: ["violations"] }));
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}: ${nodes[0].failureSummary}`);
  assert.deepEqual(found, [], name);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wider <= 0, `${name}: the page is ${wider} px wider than its window`);
}

/** Opens each state in each view and looks at it. A state is a path, and what brings the page into it. */
export async function assertStatesAccessible(t, page, origin, states) {
  for (const { width, colorScheme } of VIEWS) {
    await t.test(`axe-core finds nothing at ${width} px, ${colorScheme}`, async () => {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      for (const [name, [path, prepare]] of Object.entries(states)) {
        await page.goto("about:blank");
        await page.goto(`${origin}${path}`);
        await prepare(page);
        await assertAccessible(page, name);
      }
    });
  }
}

/** Opens all that can be unfolded. */
export const unfold = (page) => page.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
