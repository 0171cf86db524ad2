// What other pages, other hosts and hostile texts can do: nothing.
import assert from "node:assert/strict";
import http from "node:http";
import net from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { articles, writeTable } from "./archive.mjs";
import { Served, Visitor, eventually, folder, freePort, launch, passage, patience, saved } from "./program.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** Sends a request as it is written, and gives the status of the answer. */
const status = (port, request) => new Promise((done, fail) => {
  const socket = net.connect(port, "127.0.0.1", () => socket.write(request));
  let answer = "";
  socket.on("data", (bytes) => {
    answer += bytes;
    const found = /^HTTP\/1\.1 (\d+)/.exec(answer);
    if (found) {
      socket.destroy();
      done(Number(found[1]));
    }
  });
  socket.on("error", fail);
  socket.on("end", () => done(0));
});

const hostile = (rows) => {
  const [first, second, third] = rows;
  first.title = "<img src=x onerror=globalThis.pwned=1>";
  first.text = `</script><script>globalThis.pwned=1</script> ${first.text} \u202Egnp.exe\u202C <svg onload=globalThis.pwned=1>`;
  second.id = "javascript:globalThis.pwned=1";
  second.source = "\"><iframe src=javascript:globalThis.pwned=1>";
  third.text = `${"long ".repeat(200_000)} ${third.text}`;
  third.title = "\u202e\u2066title";
  return rows;
};

test("safety", patience, async (t) => {
  const place = await folder(t);
  const table = await writeTable(place, hostile(articles(12, 3)));
  const served = await Served.start(t, [table], join(place, "work"));
  const { port, origin } = served;
  const entry = served.entry;
  const visitor = await Visitor.enter(t, browser, served);
  const { page } = visitor;

  await t.test("without the cookie there is nothing but a locked page", async () => {
    assert.ok([401, 403].includes(await status(port, `GET /api/session HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)));
    const stranger = await browser.newContext();
    const locked = await stranger.newPage();
    const answer = await locked.goto(`${origin}/label`);
    assert.ok([401, 403].includes(answer.status()));
    assert.equal(await locked.locator("h1").textContent(), "This page is locked");
    await locked.goto(entry);
    assert.equal(await locked.locator("h1").textContent(), "This link no longer works");
    await locked.goto(`${origin}/read`);
    assert.equal(await locked.locator("h1").textContent(), "This page is locked", "the address lets in once");
    await stranger.close();
  });

  await t.test("a foreign or missing host is refused", async () => {
    assert.equal(await status(port, `GET /read HTTP/1.1\r\nHost: news.example:${port}\r\n\r\n`), 421);
    assert.ok([400, 421].includes(await status(port, "GET /read HTTP/1.1\r\n\r\n")));
  });

  await t.test("a page of another origin changes and reads nothing", async () => {
    await visitor.open("/label");
    await passage(page);
    // So that there is something to undo.
    await page.keyboard.press("1");
    await saved(page, 1);
    const before = (await served.log()).length;
    const other = await freePort();
    const foreign = http.createServer((_, answer) => {
      answer.writeHead(200, { "Content-Type": "text/html" });
      answer.end("<!doctype html><title>foreign</title><iframe name=f></iframe>");
    }).listen(other, "127.0.0.1");
    t.after(() => foreign.close());
    // The same site as far as cookies go: only the port differs.
    const attacker = await visitor.context.newPage();
    await attacker.goto(`http://127.0.0.1:${other}/`);
    const found = await attacker.evaluate(async (target) => {
      const outcome = {};
      const attempt = async (name, run) => { outcome[name] = await run().then((value) => value, (error) => `failed: ${error.name}`); };
      const json = { "Content-Type": "application/json", "X-Standpoint": "1" };
      await attempt("read", () => fetch(`${target}/api/session`, { credentials: "include" }).then((answer) => answer.text()));
      await attempt("blind", () => fetch(`${target}/api/undo`, { method: "POST", mode: "no-cors", credentials: "include", body: "{}" }).then((answer) => answer.type));
      await attempt("post", () => fetch(`${target}/api/train`, { method: "POST", credentials: "include", headers: json, body: "{\"from\":\"own\"}" }).then((answer) => answer.status));
      await attempt("socket", () => new Promise((done) => {
        const socket = new WebSocket(`${target.replace("http", "ws")}/api/session`);
        socket.onopen = () => done("open");
        socket.onerror = () => done("refused");
      }));
      // A frame that is refused loads as well: a page of the browser's own.
      const loaded = (frame) => new Promise((done) => { frame.onload = done; frame.onerror = done; setTimeout(done, 20_000); });
      for (const type of ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data"]) {
        const form = document.createElement("form");
        Object.assign(form, { action: `${target}/api/undo`, method: "post", enctype: type, target: "f" });
        document.body.append(form);
        const answered = loaded(document.querySelector("iframe[name=f]"));
        form.submit();
        await answered;
      }
      const frame = document.createElement("iframe");
      frame.src = `${target}/read`;
      const shown = loaded(frame);
      document.body.append(frame);
      await shown;
      return outcome;
    }, origin);
    assert.match(String(found.read), /^failed/);
    assert.match(String(found.post), /^failed/);
    assert.equal(found.socket, "refused");
    const frames = attacker.frames().filter((frame) => frame !== attacker.mainFrame());
    assert.equal(frames.length, 2);
    for (const frame of frames) assert.equal(await frame.locator("#main").count(), 0, "the page is shown in a frame");
    assert.equal(await page.locator("#main").count(), 1);
    assert.equal((await served.log()).length, before);
    const training = await page.evaluate(() => fetch("/api/training").then((answer) => answer.json()));
    assert.equal(training.state, "idle");
    await attacker.close();
    visitor.asked = visitor.asked.filter((url) => !url.includes(`:${other}`));
    visitor.complaints = visitor.complaints.filter((text) => !/CORS|frame|WebSocket/i.test(text));
  });

  await t.test("a form and a request without the header are refused even with the cookie", async () => {
    const [cookie] = await visitor.context.cookies(origin);
    const send = (headers, body = "{}") =>
      status(port, `POST /api/undo HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie.name}=${cookie.value}\r\nContent-Length: ${body.length}\r\n${headers}\r\n${body}`);
    for (const headers of [
      "Content-Type: application/x-www-form-urlencoded\r\n",
      "Content-Type: application/json\r\n",
      "Content-Type: text/plain\r\nX-Standpoint: 1\r\n",
      "Content-Type: application/json\r\nX-Standpoint: 1\r\nOrigin: http://news.example\r\n",
      "Content-Type: application/json\r\nX-Standpoint: 1\r\nSec-Fetch-Site: cross-site\r\n",
    ]) {
      const code = await send(headers);
      assert.ok(code >= 400 && code < 500, `${headers} got ${code}`);
    }
    const before = (await served.log()).length;
    assert.equal(await send("Content-Type: application/json\r\nX-Standpoint: 1\r\n"), 200, "as the page sends it");
    assert.equal((await served.log()).length, before + 1);
    assert.equal(cookie.httpOnly, true);
    assert.equal(cookie.sameSite, "Strict");
    const upgrade = `GET /api/session HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie.name}=${cookie.value}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`;
    assert.notEqual(await status(port, upgrade), 101);
  });

  await t.test("texts are only ever text", async () => {
    await visitor.open("/read");
    await eventually(async () => assert.match(await page.locator("#rows").textContent(), /<img src=x onerror/));
    const rows = await page.locator("#rows a").count();
    for (let row = 0; row < Math.min(rows, 4); row += 1) {
      await page.locator("#rows a").nth(row).click();
      await page.waitForFunction((number) => document.querySelector("#rows [aria-current]")?.dataset.number === String(number) && document.querySelector(".verdict .text p"), row);
    }
    await page.locator("#rows a").first().click();
    await page.waitForFunction(() => document.querySelector(".verdict .text")?.textContent.includes("<script>"));
    const text = await page.locator(".verdict .text").textContent();
    assert.doesNotMatch(text, /[\u202a-\u202e\u2066-\u2069]/, "marks that turn the direction are not shown as such");
    assert.equal(await page.evaluate(() => document.querySelectorAll("main img, main iframe, main script").length), 0);
    await visitor.open("/label?queue=random");
    for (let number = 0; number < 12; number += 1) await page.keyboard.press("s", { delay: 20 });
    assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
  });

  visitor.assertQuiet();
});
