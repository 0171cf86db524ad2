// Times the page of `standpoint serve` in a browser, on an idle machine: the first page, keys, labels on disk, a training, memory.
//
//     make browser                                   installs what this needs
//     STANDPOINT_BIN=target/release/standpoint node benches/page.mjs ARCHIVE.csv [RUNS]
//
// ARCHIVE.csv has a column `text`. A run prints four lines: until the first page has its rows, keys while the archive is scored, keys
// after that, and a training from the corpus with the ranking of all texts. Times of keys are from the key to the frame that shows the
// next text; times of labels are from the request to the answer, which comes after the label is on disk. Fails where a page asks another
// machine for something.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, launch, passage, Served, Visitor } from "../tests/browser/program.mjs";

const [archive, runs = "3"] = process.argv.slice(2);
if (archive === undefined) throw new Error("expected ARCHIVE.csv [RUNS]");

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`;
const pause = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

/** Memory of the program now and at most, in MB. */
async function memory(served) {
  const status = await readFile(`/proc/${served.child.pid}/status`, "utf8");
  const [now, most] = ["VmRSS", "VmHWM"].map((name) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) / 1024));
  return `${now} MB, ${most} at most`;
}

/** Asks the program as its page does. */
const ask = (page, path, body) =>
  page.evaluate(async ([path, body]) => {
    const headers = { "Content-Type": "application/json", "X-Standpoint": "1" };
    const sent = body === undefined ? {} : { method: "POST", headers, body: JSON.stringify(body) };
    return (await fetch(path, sent)).json();
  }, [path, body]);

/** Labels so many passages by keys, and describes how long each took. */
async function keys(page, count) {
  await page.evaluate(() => {
    let pressed = 0;
    globalThis.shown = [];
    performance.setResourceTimingBufferSize(5000);
    performance.clearResourceTimings();
    document.addEventListener("keydown", (event) => { pressed = event.timeStamp; }, true);
    const note = () => {
      const since = pressed;
      requestAnimationFrame(() => globalThis.shown.push(performance.now() - since));
    };
    new MutationObserver(note).observe(document.getElementById("words"), { childList: true });
  });
  for (let number = 0; number < count; number += 1) {
    const before = await passage(page);
    await page.keyboard.press(String(1 + (number % 3)));
    await page.waitForFunction((text) => document.getElementById("words").textContent !== text, before);
  }
  await pause(500);
  const [shown, saved] = await page.evaluate(() => {
    const requests = performance.getEntriesByType("resource").filter((entry) => entry.name.endsWith("/api/decisions"));
    return [globalThis.shown, requests.map((entry) => entry.duration)];
  });
  return `key to next text ${spread(shown)}; label on disk ${spread(saved)}`;
}

/** The middle, the 95th percentile and the greatest of some times. */
function spread(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1);
  return `${at(0.5)} ms (p95 ${at(0.95)}, greatest ${at(1)}, ${sorted.length} times)`;
}

/** Asks for the state of a training until it has made a model, or has ended without one. */
async function trained(page, models) {
  for (;;) {
    const training = await ask(page, "/api/training");
    const last = training.history.at(-1);
    if (training.history.length > models && last.current) return last;
    if (training.state !== "running") throw new Error(`the training ended: ${training.error ?? training.state}`);
    await pause(20);
  }
}

async function run(browser, ends) {
  const place = await mkdtemp(join(tmpdir(), "standpoint-page-"));
  ends.push(() => rm(place, { recursive: true, force: true }));
  const served = new Served([archive], join(place, "work"), await freePort(), ["--coder", "A"]);
  ends.push(() => served.kill());
  const begun = performance.now();
  const since = () => seconds(performance.now() - begun);
  await served.run();
  const said = since();
  const visitor = await Visitor.enter({ after: (end) => ends.push(end) }, browser, served);
  const { page } = visitor;
  await page.locator("#rows li").first().waitFor();
  console.log(`address ${said}, first page ${since()}; ${await memory(served)}`);

  await visitor.open("/label");
  await ask(page, "/api/session", { every: 0 });
  console.log(`while it scores: ${await keys(page, 100)}`);
  let session;
  do {
    await pause(200);
    session = await ask(page, "/api/session");
  } while (session.archive.scoring);
  const scored = since();
  await visitor.open("/label");
  console.log(`after: ${await keys(page, 200)}; ${session.archive.texts} texts scored after ${scored}; ${await memory(served)}`);

  const models = (await ask(page, "/api/training")).history.length;
  await ask(page, "/api/train", { from: "corpus" });
  const asked = performance.now();
  const { rows } = await trained(page, models);
  const ranked = seconds(performance.now() - asked);
  await ask(page, "/api/train/stop", {});
  console.log(`training of ${rows} rows and ranking of all texts ${ranked}; ${await memory(served)}; load ${loadavg()[0].toFixed(1)}`);
  visitor.assertQuiet();
}

const browser = await launch();
try {
  for (let number = 0; number < Number(runs); number += 1) {
    const ends = [];
    try {
      await run(browser, ends);
    } finally {
      for (const end of ends.reverse()) await end();
    }
  }
} finally {
  await browser.close();
}
