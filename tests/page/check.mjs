// Checks pages with axe-core in Chromium: light and dark, on a screen and on a phone.
//
//   node check.mjs PAGE.html...                     fails on any finding, and on a page that is wider than its window
//   node check.mjs --pictures FOLDER PAGE.html...   also writes NAME-WIDTH-SCHEME.png and NAME.pdf there
//
// CHROMIUM names the program, which tests/browser/tools.sh finds; /usr/bin/chromium otherwise.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const args = process.argv.slice(2);
const pictures = args[0] === "--pictures" ? args.splice(0, 2)[1] : null;
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

let findings = 0;
for (const path of args) {
  const name = basename(path, ".html");
  for (const width of [1280, 420]) {
    for (const colorScheme of ["light", "dark"]) {
      // The page's policy forbids scripts; axe is one.
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
      const page = await context.newPage();
      await page.goto(pathToFileURL(resolve(path)).href);
      await page.evaluate(() => document.querySelectorAll("details").forEach((each) => (each.open = true)));
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      for (const { id, help, nodes } of violations) {
        findings += 1;
        console.log(`${name}, ${width} px, ${colorScheme}: ${id}: ${help} (${nodes.length}): ${nodes[0].html.slice(0, 160)}`);
        console.log(`  ${nodes[0].failureSummary}`);
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) {
        findings += 1;
        console.log(`${name}, ${width} px, ${colorScheme}: the page is ${wide} px wider than its window`);
      }
      if (pictures) {
        await page.evaluate(() => document.querySelectorAll("details").forEach((each) => (each.open = false)));
        await page.screenshot({ path: `${pictures}/${name}-${width}-${colorScheme}.png`, fullPage: true });
        if (width === 1280 && colorScheme === "light") {
          // The first screen, as the README shows it.
          await page.screenshot({ path: `${pictures}/${name}.png` });
          await page.pdf({ path: `${pictures}/${name}.pdf`, format: "A4" });
        }
      }
      await context.close();
    }
  }
}
await browser.close();
console.log(`${args.length} pages, ${findings} findings`);
process.exit(findings > 0 ? 1 : 0);
