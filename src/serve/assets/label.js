// The screen for labeling: one passage after another, one key each, the model's view after the decision.

import { get, numbered, save as send } from "./api.js";
import { drawButtons, drawGuideline, drawLast, drawPassage, drawReading, enable, focusDesk, isQueue, listenToNote, openGuideline, sayArrived, scrollToDesk } from "./desk.js";
import { byId, complain, debounced, say, settle } from "./dom.js";
import { dropDraft, keepDraft, withDraft } from "./drafts.js";
import { on } from "./keys.js";
import { Outbox } from "./outbox.js";
import { beginningOf, drawCounts, inWords, startNames, startRecent } from "./progress.js";
import { Queue, chosenQueue, forgetQueue, keepQueue } from "./queue.js";
import { Tabs } from "./tabs.js";
import { startTraining } from "./training.js";
import { Undoing } from "./undoing.js";

let app = null;
let queue = null;
let current = null; // the passage on the desk
let shownAt = 0;
let last = null; // the decision before: its item, kind, label, sequence once it is saved, and the model's answer
let changing = null; // the decision that is being changed, and `resume`, the passage to come back to
let training = null;
let loadRecent = null;
let total = 0; // the decisions that hold
let usual = null; // the queue where none is chosen
let model = null; // the number of the model that ranked the queue
const decided = new Map(); // the passages that were decided on this page, whole, by unit
const lookForTraining = debounced(() => { if (training.every() > 0) training.look(); }, 400);

const labels = () => app.session.model?.labels ?? [];
const tabs = new Tabs();
const outbox = new Outbox(refresh);
const undoing = new Undoing(outbox, tabs, {
  get queue() { return queue; },
  get current() { return current; },
  goOn,
  refresh,
  put(item) {
    current = item;
    show();
    focusDesk(current);
  },
  forgetLast() { last = null; },
  done(counts) {
    drawTotal(counts);
    loadRecent();
    lookForTraining();
  },
});

/** Begins the screen. */
export function start(of) {
  app = of;
  let drawn = null;
  let guideline;
  const draw = () => {
    // Buttons stay as they are while labels do, so that the focus does.
    const names = JSON.stringify(labels().map((label) => label.name));
    if (names !== drawn) drawButtons(labels(), { decide, note: openNote, flag });
    drawn = names;
    if (app.session.guideline !== guideline) drawGuideline(guideline = app.session.guideline);
    const { number } = app.session.model ?? {};
    if (model !== null && number !== model) queue?.restart();
    model = number ?? null;
    if (queue === null) drawReading(app.session);
    else followUsual();
    refresh();
  };
  draw();
  app.listeners.push(draw);
  on("guideline", openGuideline);
  app.whenRead(begin);
}

/** Begins to label. */
function begin() {
  training = startTraining(app, () => app.refresh().catch((error) => complain("session", error)));
  loadRecent = startRecent(change);
  startNames(app);
  get("/api/labels").then(({ counts }) => drawTotal(counts), (error) => complain("labels", error));
  listen();
  const kind = chosenQueue();
  usual = usualQueue();
  open(isQueue(kind) ? kind : usual);
}

const usualQueue = () => app.session.queue ?? "uncertain";

/** Goes over to another queue where none was chosen, behind the passage on the desk. */
function followUsual() {
  if (usual === null || changing || usualQueue() === usual) return;
  const before = usual;
  usual = usualQueue();
  if (queue.kind !== before) return;
  open(usual, current);
}

function listen() {
  on("undo", undo);
  on("change", () => change(last));
  byId("undo").addEventListener("click", undo);
  byId("change").addEventListener("click", () => change(last));
  listenToNote((note) => {
    if (current === null) return;
    current.note = note;
    if (!changing) keepDraft(current);
  });
  byId("queue-form").addEventListener("submit", (event) => event.preventDefault());
  byId("hide-source").addEventListener("change", show);
  byId("queue").addEventListener("change", (event) => open(event.target.value));
  tabs.listen({ decided: decidedElsewhere, undone: undoneElsewhere });
  window.addEventListener("beforeunload", (event) => { if (outbox.isBusy) event.preventDefault(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing && changing && !document.querySelector("dialog[open]")) leaveChange();
  });
}

/** Opens a queue, and shows its first passage if none is on the desk. */
function open(kind, onDesk = null) {
  queue?.close();
  changing = null;
  undoing.skipped = null;
  current = onDesk;
  byId("queue").value = kind;
  keepQueue(kind, usual);
  queue = new Queue(kind, {
    onFill() {
      settle("queue");
      if (current !== null) return;
      next();
      if (current && last) sayArrived(current);
    },
    onError: (error, retry) => complain("queue", error, retry),
    whenSaved: () => outbox.whenIdle(),
  });
  if (onDesk) queue.passed.add(onDesk.unit);
  queue.refill();
  if (!onDesk) show();
}

function next() {
  current = withDraft(queue.take());
  show();
}

/** Leaves the passage on the desk behind. Who works by keys goes on at the next one. */
function goOn(byKey) {
  next();
  if (byKey) focusDesk(current);
  scrollToDesk();
}

/** Draws what is on the desk, and starts its clock. */
function show() {
  drawPassage(current, { queue, changing, archive: app.session.archive });
  if (current === null && queue?.isExhausted) forgetQueue();
  shownAt = performance.now();
  refresh();
}

function refresh() {
  enable({
    isReady: current !== null && !outbox.isBlocked && !undoing.isRunning,
    isFlagged: Boolean(current?.flag),
    canChange: Boolean(last?.sequence) && changing === null && !undoing.isRunning,
    canUndo: (total > 0 || outbox.isBusy || changing !== null) && !undoing.isRunning,
  });
}

function drawTotal(counts) {
  ({ total } = counts);
  drawCounts(counts, labels());
  refresh();
}

function decide(kind, label, byKey) {
  if (current === null || outbox.isBlocked || undoing.isRunning) return;
  if (changing) saveChange(kind, label);
  else if (kind === "skip" && current.decided) undoing.skip(byKey);
  else save(kind, label, byKey);
}

function save(kind, label, byKey) {
  const item = current;
  const note = byId("note").value.trim();
  const flagged = Boolean(item.flag);
  const seen = Boolean(item.seen ?? item.decided);
  const decision = { item, unit: item.unit, kind, label, note, flag: flagged, seen, sequence: null, answer: null };
  const milliseconds = Math.round(performance.now() - shownAt);
  const body = numbered({ unit: item.unit, kind, label, note: note || undefined, flag: flagged || undefined, milliseconds, seen });
  last = decision;
  undoing.skipped = null;
  decided.set(item.unit, item);
  queue.decided();
  dropDraft(item.unit);
  // It is sent before the queue asks for more, which waits until it is saved.
  outbox.add({
    send: () => send("/api/decisions", body),
    done(saved) {
      decision.sequence = saved.sequence;
      decision.answer = saved.answer;
      tabs.decided(item.unit, saved);
      drawTotal(saved.counts);
      if (last === decision) drawLast(`Saved: ${inWords(decision)}.`, decision, current);
      loadRecent();
      lookForTraining();
    },
    leaveOut() {
      if (last === decision) last = null;
      undoing.putOnDesk(item);
      drawLast("Not saved. Decide again.", null, current);
    },
  });
  goOn(byKey);
  byId("last-text").textContent = "Saving …";
}

function undo() {
  if (changing) leaveChange();
  else undoing.run();
}

/** Puts a decision back on the desk, with the model's view. */
async function change(decision) {
  if (!decision || changing || undoing.isRunning) return;
  await outbox.whenIdle();
  if (!decision.sequence || changing || undoing.isRunning) return;
  const { note, flag: isFlagged } = decision;
  const item = decision.item ?? decided.get(decision.unit) ?? beginningOf(decision);
  changing = { ...decision, resume: current };
  current = { ...item, note, flag: isFlagged };
  show();
  focusDesk(current);
  say(byId("view").textContent);
}

/** Decides anew about what was decided: in the knowledge of the model's view, if that was shown and the decision is another one. */
function saveChange(kind, label) {
  const differs = changing.kind !== kind || (changing.label ?? null) !== label;
  const seen = Boolean(changing.seen) || (differs && changing.answer !== null);
  const changed = { ...changing, kind, label, seen, note: byId("note").value.trim(), flag: Boolean(current.flag) };
  const { note, flag: isFlagged } = changed;
  const milliseconds = Math.round(performance.now() - shownAt);
  const body = numbered({ unit: changed.unit, kind, label, note: note || undefined, flag: isFlagged, milliseconds, seen });
  leaveChange();
  undoing.skipped = null;
  byId("last-text").textContent = "Saving …";
  outbox.add({
    send: () => send("/api/decisions", body),
    done(saved) {
      last = { ...changed, sequence: saved.sequence, answer: saved.answer };
      tabs.decided(changed.unit, saved);
      drawTotal(saved.counts);
      drawLast(`Changed: ${inWords(last)}.`, last, current);
      loadRecent();
      lookForTraining();
    },
    leaveOut: () => drawLast("Not changed: the decision stays as it was.", null, current),
  });
}

function leaveChange() {
  current = changing.resume;
  changing = null;
  show();
  focusDesk(current);
}

function openNote() {
  if (current === null || undoing.isRunning) return;
  byId("note-field").hidden = false;
  byId("note").focus();
}

function flag() {
  if (current === null || undoing.isRunning) return;
  current.flag = !current.flag;
  if (!changing) keepDraft(current);
  refresh();
  say(current.flag ? "Flagged." : "Not flagged.");
}

function decidedElsewhere(unit, counts) {
  const isOnDesk = current?.unit === unit;
  if (undoing.skipped?.unit === unit) undoing.skipped = null;
  queue.drop(unit, isOnDesk);
  drawTotal(counts);
  if (!isOnDesk || changing) return;
  say("This passage was decided in another tab.");
  next();
}

function undoneElsewhere(sequence, counts) {
  drawTotal(counts);
  if (last?.sequence !== sequence) return;
  last = null;
  drawLast("The decision before was undone in another tab.", null, current);
  refresh();
}
