// The screen for labeling: one passage after another, one key each, the model's view after the decision.

import { get, post } from "./api.js";
import { drawButtons, drawGuideline, drawLast, drawPassage, enable, isQueue } from "./desk.js";
import { byId, complain, say, settle } from "./dom.js";
import { on } from "./keys.js";
import { drawCounts, inWords, startNames, startRecent } from "./progress.js";
import { Outbox, Queue } from "./queue.js";
import { startTraining } from "./training.js";

let app = null;
let queue = null;
let current = null; // the passage on the desk
let shownAt = 0;
let last = null; // the decision before: its item, kind, label, sequence once it is saved, and the model's answer
let changing = null; // the decision that is being changed, and `resume`, the passage to come back to
let training = null;
let loadRecent = null;

const labels = () => app.session.model?.labels ?? [];
const tabs = new BroadcastChannel("standpoint-decisions");
const outbox = new Outbox({
  onError(error, waiting, retry) {
    const message = waiting === 1 ? "One decision is not saved." : `${waiting} decisions are not saved.`;
    const again = () => { settle("outbox"); retry(); refresh(); };
    complain("outbox", { message, hint: `${error.message} ${error.hint ?? ""}` }, again);
    refresh();
  },
});

/** Begins the screen. */
export function start(of) {
  app = of;
  let drawn = null;
  const draw = () => {
    // Buttons stay as they are while labels do, so that the focus does.
    const names = JSON.stringify(labels().map((label) => label.name));
    if (names !== drawn) drawButtons(labels(), { decide, note: openNote, flag });
    drawn = names;
    refresh();
  };
  draw();
  app.listeners.push(draw);
  drawGuideline(app.session.guideline);
  training = startTraining(app, () => app.refresh().catch((error) => complain("session", error)));
  loadRecent = startRecent(change);
  startNames(app);
  get("/api/labels").then(({ counts }) => drawCounts(counts, labels()), (error) => complain("labels", error));
  listen();
  const kind = new URLSearchParams(location.search).get("queue");
  open(isQueue(kind) ? kind : "uncertain");
}

function listen() {
  on("undo", undo);
  on("change", () => change(last));
  on("guideline", () => byId("guideline-title").focus());
  byId("undo").addEventListener("click", undo);
  byId("change").addEventListener("click", () => change(last));
  byId("note").addEventListener("keydown", (event) => {
    if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
    event.preventDefault();
    event.stopPropagation();
    byId("passage").focus();
  });
  byId("queue-form").addEventListener("submit", (event) => event.preventDefault());
  byId("hide-source").addEventListener("change", show);
  byId("queue").addEventListener("change", (event) => open(event.target.value));
  tabs.addEventListener("message", ({ data }) => fromOtherTab(data));
  window.addEventListener("beforeunload", (event) => { if (outbox.isBusy) event.preventDefault(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing && changing && !document.querySelector("dialog[open]")) leaveChange();
  });
}

/** Opens a queue and shows its first passage. */
function open(kind) {
  queue?.close();
  changing = null;
  current = null;
  byId("queue").value = kind;
  history.replaceState(null, "", kind === "uncertain" ? location.pathname : `?queue=${kind}`);
  queue = new Queue(kind, {
    onFill() {
      settle("queue");
      if (current === null) next();
    },
    onError: (error, retry) => complain("queue", error, retry),
  });
  queue.refill();
  show();
}

function next() {
  current = queue.take();
  show();
}

/** Draws what is on the desk, and starts its clock. */
function show() {
  drawPassage(current, { queue, changing });
  shownAt = performance.now();
  refresh();
}

function refresh() {
  enable({
    isReady: current !== null && !outbox.isBlocked,
    isFlagged: Boolean(current?.flag),
    canChange: Boolean(last?.sequence) && changing === null,
  });
}

function decide(kind, label, byKey) {
  if (current === null || outbox.isBlocked) return;
  if (changing) saveChange(kind, label);
  else save(kind, label, byKey);
}

function save(kind, label, byKey) {
  const item = current;
  const note = byId("note").value.trim();
  const flagged = Boolean(item.flag);
  const decision = { item, unit: item.unit, kind, label, note, flag: flagged, seen: false, sequence: null, answer: null };
  const body = { unit: item.unit, kind, label, note: note || undefined, flag: flagged || undefined, seen: false };
  body.milliseconds = Math.round(performance.now() - shownAt);
  last = decision;
  queue.decided();
  next();
  if (byKey) byId(current ? "passage" : "empty").focus({ preventScroll: true });
  window.scrollTo(0, 0);
  byId("last-text").textContent = "Saving …";
  outbox.add(() => post("/api/decisions", body), (saved) => {
    decision.sequence = saved.sequence;
    decision.answer = saved.answer;
    tabs.postMessage({ decided: item.unit });
    drawCounts(saved.counts, labels());
    if (last === decision) drawLast(`Saved: ${inWords(decision)}.`, decision, current);
    refresh();
    loadRecent();
    const every = training.every();
    if (every > 0 && saved.counts.total % every === 0) setTimeout(training.look, 300);
  });
}

async function undo() {
  if (changing) {
    leaveChange();
    return;
  }
  await outbox.whenIdle();
  try {
    const { undone, counts } = await post("/api/undo");
    settle("undo");
    drawCounts(counts, labels());
    loadRecent();
    last = null;
    if (!undone) drawLast("There is nothing to undo.", null, current);
    else takeBack(undone);
    refresh();
  } catch (error) {
    complain("undo", error, undo);
  }
}

/** Puts what was undone back on the desk; what lay there is next. */
function takeBack({ unit, item }) {
  queue.forget(unit);
  if (!item) {
    drawLast("Undone. Its text is not in this archive.", null, current);
    return;
  }
  if (current) queue.putBack(current);
  queue.passed.add(unit);
  if (queue.left !== null) queue.left += 1;
  current = item;
  show();
  byId("passage").focus({ preventScroll: true });
  drawLast("Undone. Decide again.", null, current);
}

/** Puts a decision back on the desk, with the model's view. */
async function change(decision) {
  if (!decision || changing) return;
  await outbox.whenIdle();
  if (!decision.sequence || changing) return;
  const { note, flag: isFlagged } = decision;
  const item = decision.item ?? { title: decision.title, passage: decision.text ?? decision.excerpt };
  changing = { ...decision, resume: current };
  current = { ...item, note, flag: isFlagged };
  show();
  byId("passage").focus({ preventScroll: true });
  say(byId("view").textContent);
}

/** Decides anew about what was decided, in the knowledge of the model's view where the decision is another one. */
function saveChange(kind, label) {
  const differs = changing.kind !== kind || (changing.label ?? null) !== label;
  const seen = Boolean(changing.seen) || differs;
  const changed = { ...changing, kind, label, seen, note: byId("note").value.trim(), flag: Boolean(current.flag) };
  const { note, flag: isFlagged } = changed;
  const milliseconds = Math.round(performance.now() - shownAt);
  const body = { unit: changed.unit, kind, label, note: note || undefined, flag: isFlagged, milliseconds, seen };
  leaveChange();
  byId("last-text").textContent = "Saving …";
  outbox.add(() => post("/api/decisions", body), (saved) => {
    last = { ...changed, sequence: saved.sequence, answer: saved.answer };
    drawCounts(saved.counts, labels());
    drawLast(`Changed: ${inWords(last)}.`, last, current);
    refresh();
    loadRecent();
  });
}

function leaveChange() {
  current = changing.resume;
  changing = null;
  show();
  byId(current ? "passage" : "empty").focus({ preventScroll: true });
}

function openNote() {
  if (current === null) return;
  byId("note-field").hidden = false;
  byId("note").focus();
}

function flag() {
  if (current === null) return;
  current.flag = !current.flag;
  refresh();
  say(current.flag ? "Flagged." : "Not flagged.");
}

function fromOtherTab({ decided }) {
  queue.drop(decided);
  if (current?.unit !== decided || changing) return;
  say("This passage was decided in another tab.");
  next();
}
