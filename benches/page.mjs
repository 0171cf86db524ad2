// Times the page of `standpoint serve` in a browser, on an idle machine: the first page, keys, labels on disk, trainings, memory.
//
//     make browser                                   installs what this needs
//     STANDPOINT_BIN=target/release/standpoint node benches/page.mjs ARCHIVE.csv [RUNS [LABELED.csv]]
//
// ARCHIVE.csv has a column `text`. A run prints a line for each: until the first page has its rows; keys while the archive is scored;
// keys after that; a training from the corpus with the ranking of all texts, and keys meanwhile. LABELED.csv, with columns `text` and
// `label`, adds a line: of its first 10,000 texts, 3,400 are labeled by commands, and the page trains on these labels alone and ranks
// all 10,000, five times, keys pressed meanwhile. Times of keys are from the key to the frame that shows the next text; times of labels
// are from the request to the answer, which comes after the label is on disk. Fails where a page asks another machine for something.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseTable, writeTable } from "../tests/browser/archive.mjs";
import { freePort, launch, passage, program, Served, Visitor } from "../tests/browser/program.mjs";

const [archive, runs = "3", labeled] = process.argv.slice(2);
if (archive === undefined) throw new Error("expected ARCHIVE.csv [RUNS [LABELED.csv]]");

/** Texts of LABELED.csv that are ranked, and that are labeled. */
const [RANKED, LABELED] = [10_000, 3_400];
const TRAININGS = 5;

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

/** Labels passages by keys while `goesOn` says so, and describes how long each took. */
async function keys(page, goesOn) {
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
  for (let number = 0; await goesOn(number); number += 1) {
    const before = await passage(page);
    await page.keyboard.press(String(1 + (number % 2)));
    await page.waitForFunction((text) => document.getElementById("words").textContent !== text, before);
  }
  await pause(500);
  const [shown, saved] = await page.evaluate(() => {
    const requests = performance.getEntriesByType("resource").filter((entry) => entry.name.endsWith("/api/decisions"));
    return [globalThis.shown, requests.map((entry) => entry.duration)];
  });
  return `key to next text ${spread(shown)}; label on disk ${spread(saved)}`;
}

const upTo = (count) => (number) => number < count;

/** The middle, the 95th percentile and the greatest of some times. */
function spread(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1);
  return `${at(0.5)} ms (p95 ${at(0.95)}, greatest ${at(1)}, ${sorted.length} times)`;
}

/** Begins a training, and gives what asks whether it has ended, with its seconds and its rows once it has. */
async function begin(page, from) {
  const models = (await ask(page, "/api/training")).history.length;
  await ask(page, "/api/train", { from });
  const asked = performance.now();
  return async () => {
    const training = await ask(page, "/api/training");
    const last = training.history.at(-1);
    if (training.history.length > models && last.current) return { took: performance.now() - asked, rows: last.rows };
    if (training.state !== "running") throw new Error(`the training ended: ${training.error ?? training.state}`);
    return null;
  };
}

/** Ends what follows a training: measuring how much further labels would bring. */
async function stop(page) {
  await ask(page, "/api/train/stop", {});
  while ((await ask(page, "/api/training")).state === "running") await pause(20);
}

/** Trains until the new model has ranked all, which is asked for every 20 ms. */
async function train(page, from) {
  const ended = await begin(page, from);
  for (;;) {
    const found = await ended();
    if (found) {
      await stop(page);
      return found;
    }
    await pause(20);
  }
}

/** Presses keys from the beginning of a training to its end, at most so many. */
async function keysWhileTraining(page, from, most) {
  const ended = await begin(page, from);
  const described = await keys(page, async (number) => number < most && (await ended()) === null);
  await stop(page);
  return described;
}

/** Opens the page on an archive. */
async function open(browser, ends, archive, work, args = []) {
  const served = new Served([archive], work, await freePort(), ["--coder", "A", ...args]);
  ends.push(() => served.kill());
  await served.run();
  return { served, visitor: await Visitor.enter({ after: (end) => ends.push(end) }, browser, served) };
}

/** Waits until all is scored and ranked, and gives the session. */
async function scored(page) {
  for (;;) {
    const session = await ask(page, "/api/session");
    if (!session.archive.scoring) return session;
    await pause(200);
  }
}

async function run(browser, ends) {
  const place = await mkdtemp(join(tmpdir(), "standpoint-page-"));
  ends.push(() => rm(place, { recursive: true, force: true }));
  const begun = performance.now();
  const since = () => seconds(performance.now() - begun);
  const { served, visitor } = await open(browser, ends, archive, join(place, "work"));
  const { page } = visitor;
  await page.locator("#rows li").first().waitFor();
  console.log(`first page ${since()}; ${await memory(served)}`);

  await visitor.open("/label");
  await ask(page, "/api/session", { every: 0 });
  console.log(`while it scores: ${await keys(page, upTo(100))}`);
  const { archive: { texts } } = await scored(page);
  const all = since();
  await visitor.open("/label");
  console.log(`after: ${await keys(page, upTo(200))}; ${texts} texts scored after ${all}; ${await memory(served)}`);

  const { took, rows } = await train(page, "corpus");
  console.log(`training on ${rows} rows with the corpus, and ranking of all texts: ${seconds(took)}; ${await memory(served)}; load ${loadavg()[0].toFixed(1)}`);
  await visitor.open("/label");
  console.log(`while it trains: ${await keysWhileTraining(page, "corpus", 200)}`);
  visitor.assertQuiet();
}

/** Labels texts by commands, with the labels that they have. */
async function labelByCommands(place, work) {
  const rows = parseTable(await readFile(labeled, "utf8")).slice(0, RANKED).map(({ text, label }) => ({ text, label }));
  const table = await writeTable(place, rows.map(({ text }, id) => ({ id: String(id), text })), "ranked.csv");
  const labels = new Map(rows.map(({ text, label }) => [text.trim(), label]));
  const run = (action, ...more) => promisify(execFile)(program, ["label", action, work, ...more], { maxBuffer: 1 << 28 });
  await run("settings", "--inputs", table, "--labels", [...new Set(labels.values())].join(","), "--every", "0");
  const { stdout } = await run("next", "--queue", "random", "-n", String(LABELED));
  const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
  const filled = lines.map(({ unit, passage: text }) => JSON.stringify({ unit, label: labels.get(text.trim()) }));
  await writeFile(join(place, "filled.jsonl"), filled.join("\n"));
  await run("decide", "--from", join(place, "filled.jsonl"));
  return table;
}

async function runOnOwnLabels(browser, ends) {
  const place = await mkdtemp(join(tmpdir(), "standpoint-page-"));
  ends.push(() => rm(place, { recursive: true, force: true }));
  const work = join(place, "work");
  const { served, visitor } = await open(browser, ends, await labelByCommands(place, work), work);
  const { page } = visitor;
  const { archive: { texts } } = await scored(page);
  const times = [];
  let rows = 0;
  for (let number = 0; number < TRAININGS; number += 1) {
    const found = await train(page, "own");
    times.push(found.took);
    rows = found.rows;
  }
  console.log(`training on ${rows} labels alone, and ranking of ${texts} texts: ${spread(times)}; ${await memory(served)}; load ${loadavg()[0].toFixed(1)}`);
  await visitor.open("/label?queue=random");
  for (let number = 0; number < TRAININGS; number += 1) {
    console.log(`while it trains: ${await keysWhileTraining(page, "own", 200)}`);
    await visitor.open("/label?queue=random");
  }
  visitor.assertQuiet();
}

const browser = await launch();
try {
  for (const measure of [...Array(Number(runs)).fill(run), ...(labeled ? [runOnOwnLabels] : [])]) {
    const ends = [];
    try {
      await measure(browser, ends);
    } finally {
      for (const end of ends.reverse()) await end();
    }
  }
} finally {
  await browser.close();
}
