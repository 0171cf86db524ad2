// How a browser is let in: the token is in no address and no history afterwards, and a link that was used says how to get a new one.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { articles, writeTable } from "./archive.mjs";
import { Served, folder, launchWithProfile, patience } from "./program.mjs";

/** The files below a folder that hold some words, in either encoding of browsers. */
async function filesWith(words, place) {
  const found = [];
  for (const entry of await readdir(place, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    // A browser that ends takes some of its files away.
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    if (bytes.includes(words) || bytes.includes(Buffer.from(words, "utf16le"))) found.push(path.slice(place.length));
  }
  return found;
}

/** The addresses that the browser goes back to. */
async function history(page) {
  const session = await page.context().newCDPSession(page);
  const { entries } = await session.send("Page.getNavigationHistory");
  return entries.flatMap(({ url, userTypedURL }) => [url, userTypedURL]);
}

test("entry", patience, async (t) => {
  const place = await folder(t);
  const served = await Served.start(t, [await writeTable(place, articles(6, 2))], join(place, "work"));
  const file = join(place, "work", "open.html");

  /** Enters by an address in a browser with files of its own; `look` sees its page, and `after` its files once it has ended. */
  const enter = async (address, look, after = () => {}) => {
    const profile = await folder(t);
    const context = await launchWithProfile(profile);
    try {
      const page = await context.newPage();
      await page.goto(address);
      await page.waitForURL("**/read");
      await page.locator("#rows a").first().waitFor();
      await look(page);
    } finally {
      await context.close();
    }
    await after(profile);
  };
  /** Neither address nor history nor page knows the token. */
  const isForgotten = (token) => async (page) => {
    assert.equal(page.url(), `${served.origin}/read`);
    assert.equal(await page.evaluate(() => document.referrer), "");
    assert.deepEqual((await history(page)).filter((url) => url.includes(token) || url.includes("/open")), []);
    const known = await page.evaluate(() => [document.documentElement.outerHTML, document.cookie, ...Object.values({ ...localStorage, ...sessionStorage })]);
    assert.ok(!known.join(" ").includes(token));
  };

  await t.test("the file in the work folder leaves no token in the address, the history or any file of the browser", async () => {
    const [, token] = /name="token" value="(\w{64})"/.exec(await readFile(file, "utf8"));
    await enter(pathToFileURL(file).href, isForgotten(token), async (profile) => {
      assert.notDeepEqual(await filesWith(`127.0.0.1:${served.port}`, profile), [], "what was visited is there");
      assert.deepEqual(await filesWith(token, profile), []);
    });
  });

  await t.test("the address on the terminal is left at once, and says how to get a new one when it is used again", async () => {
    // Entering by the file has taken the first token and made another.
    const [, token] = /name="token" value="(\w{64})"/.exec(await readFile(file, "utf8"));
    const address = `${served.origin}/open?token=${token}`;
    await enter(address, async (page) => {
      await isForgotten(token)(page);
      await page.context().clearCookies();
      const again = await page.context().newPage();
      const answer = await again.goto(address);
      assert.equal(answer.status(), 401);
      assert.equal(await again.locator("h1").textContent(), "This link no longer works");
      assert.match(await again.locator("main").textContent(), /used already.*open\.html.*In a terminal.*xdg-open WORK-FOLDER\/open\.html/s);
      assert.ok(!(await again.locator("main").innerHTML()).includes(token));
    });
  });
});
