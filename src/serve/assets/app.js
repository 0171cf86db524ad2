// Starts the screen that the page is: its session, its keys, its parts.

import { get } from "./api.js";
import { byId, complain, fill, h, settle } from "./dom.js";
import { count, inReading, plain } from "./format.js";
import { openHelp } from "./help.js";
import { bind, listen, on } from "./keys.js";

const screens = { read: "./read.js", label: "./label.js", check: "./check.js" };
/** So many milliseconds are between two questions: somebody waits for the first texts, while scores come one after the other. */
const WHILE_READING = 150;
const WHILE_SCORING = 700;
const page = byId("main").dataset.page;

/** What the program said about itself last; screens read it and are told of changes. */
const app = {
  session: null,
  listeners: [],
  async refresh() {
    app.session = await get("/api/session");
    bind(app.session);
    header(app.session);
    for (const changed of app.listeners) changed(app.session);
    return app.session;
  },
  /** Runs something once the texts are read. */
  whenRead(run) {
    let isDone = false;
    const look = ({ archive }) => {
      if (isDone || archive.state !== "read") return;
      isDone = true;
      run();
    };
    app.listeners.push(look);
    look(app.session);
  },
};

function header({ coder, archive, model }) {
  const parts = [];
  if (model) parts.push(h("span", { dir: "auto", title: `The model in use, with the id by which results name it: ${model.id ?? ""}` }, `model ${model.name ?? model.id ?? model.number}`));
  if (coder && coder !== "coder") parts.push(h("span", { dir: "auto" }, `coder ${coder}`));
  if (archive?.state === "reading") parts.push(h("span", {}, inReading(archive)));
  else if (archive?.scoring) parts.push(h("span", {}, `scored ${count(archive.scored)} of ${count(archive.texts)}`));
  fill(byId("session"), parts);
}

/** Asks again while texts are being read or scored. */
async function follow() {
  for (;;) {
    const { archive } = app.session;
    if (archive?.state === "failed") {
      complain("archive", { message: "The texts cannot be read.", hint: `${plain(archive.error)} The program has ended.` });
    }
    if (!archive?.scoring) return;
    await new Promise((done) => { setTimeout(done, archive.state === "reading" ? WHILE_READING : WHILE_SCORING); });
    // A question without an answer is asked again.
    await app.refresh().catch(() => null);
  }
}

async function start() {
  const screen = import(screens[page]);
  try {
    await app.refresh();
    settle("start");
    (await screen).start(app);
    follow();
  } catch (error) {
    complain("start", error, error.status === undefined ? null : start);
    if (error.status === undefined) throw error;
  }
}

on("help", () => openHelp(app.session ?? {}));
byId("open-help").addEventListener("click", () => openHelp(app.session ?? {}));
listen();
start();
