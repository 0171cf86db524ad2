// Starts the program and a browser, and ends them.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The program: STANDPOINT_BIN, or what cargo built for tests. */
export const program = resolve(process.env.STANDPOINT_BIN ?? join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "debug/standpoint"));

/** What a test may take. On a machine under load it needs minutes; only one that fails waits for the end of this. */
export const patience = { timeout: 900_000 };
/** What one wait may take, in milliseconds. */
export const LONG = 120_000;

const OPTIONS = { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] };

/** A browser: CHROMIUM, which `tools.sh` finds or fetches, or Debian's. */
export const launch = () => chromium.launch(OPTIONS);

/** A browser that keeps its history and all else in a folder. */
export const launchWithProfile = (path) => chromium.launchPersistentContext(path, OPTIONS);

/** axe-core as a script. */
export const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A folder that is gone after the test. */
export async function folder(t) {
  const path = await mkdtemp(join(tmpdir(), "standpoint-browser-"));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A port that is free now, and that no connection to elsewhere gets: systems take theirs from 32768 on. */
export function freePort() {
  return new Promise((done) => {
    const attempt = () => {
      const server = createServer();
      const port = 16_384 + Math.floor(16_000 * Math.random());
      server.once("error", attempt);
      server.listen(port, "127.0.0.1", () => server.close(() => done(port)));
    };
    attempt();
  });
}

/** Runs `standpoint serve` on some inputs. */
export class Served {
  constructor(inputs, work, port, args = []) {
    this.words = ["serve", ...inputs, "--work", work, "--port", String(port), "--no-browser", ...args];
    this.work = work;
    this.port = port;
    this.origin = `http://127.0.0.1:${port}`;
  }

  static async start(t, inputs, work, args = []) {
    const served = new Served(inputs, work, await freePort(), args);
    t.after(() => served.kill());
    await served.run();
    return served;
  }

  /** Starts the program and waits for its address. */
  async run() {
    this.child = spawn(program, this.words, { stdio: ["pipe", "pipe", "pipe"] });
    let said = "";
    this.entry = await new Promise((done, fail) => {
      const read = (bytes) => {
        said += bytes;
        const found = /http:\/\/\S+\/open\?token=[\w.~-]+/.exec(said);
        if (found) done(found[0]);
      };
      this.child.stdout.on("data", read);
      this.child.stderr.on("data", read);
      this.child.once("exit", (code) => fail(new Error(`the program ended with ${code}: ${said}`)));
    });
    assert.equal(new URL(this.entry).origin, this.origin);
  }

  /** Ends the program at once, as `kill -9` does. */
  kill() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return Promise.resolve();
    const gone = new Promise((done) => { this.child.once("exit", done); });
    this.child.kill("SIGKILL");
    return gone;
  }

  /** The lines of the log of decisions. A torn last line counts as not written. */
  async log() {
    const text = await readFile(join(this.work, "labels.jsonl"), "utf8").catch(() => "");
    return text.split("\n").slice(0, -1).filter((line) => line !== "").map((line) => JSON.parse(line));
  }

  /** The decisions that hold: the last one about each passage, without those taken back. */
  async decisions() {
    const undone = new Set();
    const lines = await this.log();
    for (const line of lines) if (line.undo !== undefined) undone.add(line.undo);
    const current = new Map();
    for (const line of lines) if (line.undo === undefined && !undone.has(line.sequence)) current.set(line.unit, line);
    return current;
  }
}

/** A browser that has been let in, and notes what it asks for and what its pages complain about. */
export class Visitor {
  static async enter(t, browser, served, options = {}) {
    const visitor = new Visitor();
    visitor.served = served;
    visitor.asked = [];
    visitor.complaints = [];
    visitor.context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...options });
    visitor.context.on("request", (request) => visitor.asked.push(request.url()));
    visitor.context.on("console", (message) => {
      if (message.type() === "error" && !/status of (4|5)\d\d|ERR_/.test(message.text())) visitor.complaints.push(message.text());
    });
    visitor.context.on("weberror", (error) => visitor.complaints.push(String(error.error())));
    visitor.context.setDefaultTimeout(LONG);
    t.after(() => visitor.context.close());
    visitor.page = await visitor.letIn();
    return visitor;
  }

  /** Opens the address that lets in once. */
  async letIn() {
    const page = this.page ?? (await this.context.newPage());
    await page.goto(this.served.entry);
    await page.waitForURL("**/read");
    return page;
  }

  /** Opens a screen and waits until it is filled. */
  async open(path, page = this.page) {
    await page.goto(`${this.served.origin}${path}`);
    if (path.startsWith("/label")) await passage(page);
    return page;
  }

  /** Nothing went to another machine, and no page complained. */
  assertQuiet() {
    const elsewhere = this.asked.filter((url) => /^(https?|wss?):/.test(url) && new URL(url).host !== `127.0.0.1:${this.served.port}`);
    assert.deepEqual(elsewhere, [], "requests that left for another machine");
    assert.deepEqual(this.complaints, [], "what the pages complained about");
  }
}

/** The passage on the desk, once there is one. */
export async function passage(page) {
  await page.waitForFunction(() => !document.getElementById("passage").hidden && document.getElementById("words").textContent !== "");
  return page.locator("#words").textContent();
}

/** A text without its spaces: paragraphs of a passage have some between them in the log, but not on the page. */
export const unspaced = (text) => text.replace(/\s+/g, "");

/** Waits until so many decisions are counted as saved. */
export const saved = (page, total) =>
  page.waitForFunction((wanted) => document.getElementById("total")?.textContent === String(wanted), total);

/** Waits until a check, which is asked again and again, holds. */
export async function eventually(check, milliseconds = LONG) {
  const end = Date.now() + milliseconds;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((done) => { setTimeout(done, 50); });
    }
  }
}
