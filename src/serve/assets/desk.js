// Draws what lies on the desk: the passage in its article, the model's view, the buttons, the decision before.

import { sign } from "./charts.js";
import { byId, fill, h, say } from "./dom.js";
import { aboutOf, chance, counted, inReading, isNumber, plain } from "./format.js";
import { forgetLabels, labelAction, nameOf, on, showKeys } from "./keys.js";
import { markdown } from "./markdown.js";
import { inWords } from "./progress.js";

const EMPTY = {
  uncertain: "Every passage that the model can judge is decided, or nearly repeats one that is. Passages that it takes for off-topic, too short or in another language are not offered here: choose the queue “random” for those.",
  random: "Every passage is decided, or nearly repeats one that is.",
  suspicious: "No label looks wrong. This queue compares each label with what a model without it would say, and needs about fifty labels.",
  sample: "The blind sample is coded, or none is drawn yet. Draw one on the Check screen.",
  disagreements: "There is no disagreement to settle. The Check screen says how to compare with a second coder.",
  second: "Everything that the second coder decided is decided here too, or no second coder’s work folder is open.",
};
/** The queues that begin and end on the Check screen. */
const TO_CHECK = ["sample", "disagreements", "second"];
/** The height of a line and a half of a passage, in pixels: less of it is nothing to read. */
const LINE = 48;
const PROMPT = "Choose the label that fits. The model’s view comes after your decision.";
const HIDDEN = "The model’s view stays hidden until the sample is coded to its end.";

/** The queues. */
export const isQueue = (kind) => Object.hasOwn(EMPTY, kind ?? "");

/** What the model says, in a sentence. */
export function modelInWords(answer) {
  if (!answer) return "";
  const { label, confidence, reason, probabilities } = answer;
  if (label) return `The model says ${plain(label)}, ${chance(confidence)}.`;
  const [top] = [...(probabilities ?? [])].sort((a, b) => b.probability - a.probability);
  const why = reason ? ` (${plain(reason)})` : "";
  return `The model gives no label${why}${top ? `; it leans to ${plain(top.label)}, ${chance(top.probability)}` : ""}.`;
}

/**
 * Draws a passage, or what to do where there is none. `changing` is the decision that is being changed, if one is.
 * Nothing of the model's view is drawn without it.
 */
export function drawPassage(item, { queue, changing, archive }) {
  byId("passage").hidden = item === null;
  byId("empty").hidden = item !== null || !queue?.isExhausted;
  const isEmpty = item === null && Boolean(queue?.isExhausted);
  byId("decisions").hidden = isEmpty;
  if (!byId("last").dataset.isFilled) byId("last-text").textContent = isEmpty ? "" : PROMPT;
  byId("left").textContent = item === null || changing !== null ? "" : leftInWords(item, queue);
  if (item === null) {
    fill(byId("empty"), archive.units === 0 && archive.names.length === 0
      ? [h("h2", {}, "No archive is open"), h("p", {}, "To label, start the program with the files or folders of your texts: ", h("code", {}, "standpoint serve articles/"), ".")]
      : [h("h2", {}, "Nothing left here"), h("p", {}, EMPTY[queue?.kind] ?? ""), TO_CHECK.includes(queue?.kind) ? h("p", {}, h("a", { href: "/check" }, "Go to the Check screen")) : null]);
    return;
  }
  const isHidden = byId("hide-source").checked;
  const again = item.decided && changing === null ? "decided before; decide again" : "";
  const both = item.other && item.decided && changing === null ? [item.decided, item.other] : [];
  byId("passage-title").textContent = isHidden || !item.title ? "Passage" : plain(item.title);
  byId("passage-about").textContent = [isHidden ? "" : aboutOf(item), item.words ? counted(item.words, "word") : "", again].filter(Boolean).join(" · ");
  drawContext("before", item.before);
  fill(byId("words"), paragraphs(item.passage));
  drawContext("after", item.after);
  byId("note-field").hidden = !item.note;
  byId("note").value = item.note ?? "";
  const view = byId("view");
  view.hidden = changing === null && both.length === 0;
  fill(view, changing
    ? `You said ${inWords(changing)}. ${modelInWords(changing.answer)} Choose again, or press Escape to cancel.`
    : both.map((of) => h("span", { class: "said", dir: "auto" }, h("strong", {}, plain(of.coder)), `: ${inWords(of)}${of.note ? ` (${plain(of.note)})` : ""}`)));
}

/** Tells how far the texts are read, in the place of a passage. */
export function drawReading({ archive }) {
  byId("passage").hidden = true;
  byId("empty").hidden = false;
  fill(byId("empty"), archive.state === "failed"
    ? h("h2", {}, "The texts cannot be read")
    : [h("h2", {}, "The texts are being read"), h("p", {}, `${inReading(archive)}. The first passage comes when all are.`)]);
}

// How many passages the queue has left, with the one on the desk, or why it cannot tell.
function leftInWords(item, queue) {
  if (item?.at_random) return "No ranked passage is left: this one comes at random.";
  return isNumber(queue?.left) && queue.left > 0 ? `${counted(queue.left, "passage")} left, including this one` : "";
}

const paragraphs = (text) => plain(text).split(/\n\s*\n/).map((part) => h("p", { dir: "auto" }, part));

// What stands before the passage is shown from its end.
function drawContext(id, text) {
  const place = byId(id);
  place.hidden = !text?.trim();
  fill(place, place.hidden ? null : paragraphs(text));
  place.scrollTop = id === "before" ? place.scrollHeight : 0;
}

/** Draws the buttons: `decide(kind, label, byKey)` for decisions, `note` and `flag`. */
export function drawButtons(labels, { decide, note, flag }) {
  forgetLabels();
  const make = (action, run, text, series = null) => {
    on(action, run);
    return h("button", { type: "button", "data-action": action, class: series === null ? "other" : "label", on: { click: () => run(false) } },
      series === null ? null : sign(series), h("span", { dir: "auto" }, plain(text)), h("kbd", {}));
  };
  const kind = (action) => make(action, (byKey) => decide(action, null, byKey), nameOf(action));
  fill(byId("decisions"),
    h("div", { class: "group" }, labels.map(({ name }, at) => make(labelAction(name), (byKey) => decide("label", name, byKey), name, at))),
    h("div", { class: "group" }, kind("none"), kind("unsure"), kind("skip"), make("note", note, nameOf("note")), make("flag", flag, nameOf("flag"))));
  showKeys();
}

/** Buttons can be pressed while there is a passage and nothing failed to be saved. */
export function enable({ isReady, isFlagged, canChange, canUndo }) {
  for (const each of byId("decisions").querySelectorAll("button")) each.disabled = !isReady;
  byId("decisions").querySelector("[data-action=flag]")?.setAttribute("aria-pressed", String(isFlagged));
  byId("change").disabled = !canChange;
  byId("undo").disabled = !canUndo;
}

/** Draws the last decision with the model's view, and says it. */
export function drawLast(lead, last, next) {
  const model = last && !last.answer ? HIDDEN : modelInWords(last?.answer);
  byId("last").dataset.isFilled = "true";
  const differs = Boolean(last?.answer?.label) && last.kind === "label" && last.answer.label !== last.label;
  fill(byId("last-text"), h("strong", {}, lead), " ", h("span", { class: differs ? "differs" : "" }, model));
  byId("last").classList.toggle("is-other", differs);
  // Where the next passage has not arrived, it is said when it does.
  const coming = next ? nextInWords() : byId("empty").hidden ? "" : "Nothing left in this queue.";
  say(`${lead} ${model} ${coming}`);
}

const nextInWords = () => `Next: ${byId("passage-title").textContent}.`;

/** Says that a passage has arrived, and goes there if the focus was nowhere. */
export function sayArrived(item) {
  if (document.activeElement === document.body) focusDesk(item);
  say(nextInWords());
}

/** Moves the focus to the passage, away from it first: only then do screen readers read one that took its place. */
export function focusDesk(item) {
  const desk = byId(item ? "passage" : "empty");
  desk.blur();
  desk.focus({ preventScroll: true });
}

/** Scrolls to the top of the page; on a small screen, where the buttons would hide the words there, to the passage. */
export function scrollToDesk() {
  window.scrollTo(0, 0);
  const isHidden = byId("words").getBoundingClientRect().top + LINE > byId("decisions").getBoundingClientRect().top;
  if (isHidden && !byId("passage").hidden) byId("passage").scrollIntoView();
}

/** Gives the note to `changed` as it is typed; Enter and Escape lead back to the passage. */
export function listenToNote(changed) {
  byId("note").addEventListener("input", (event) => changed(event.target.value));
  byId("note").addEventListener("keydown", (event) => {
    // Safari ends a composition with a key that is told by its code alone.
    if (event.isComposing || event.keyCode === 229 || (event.key !== "Enter" && event.key !== "Escape")) return;
    event.preventDefault();
    event.stopPropagation();
    byId("passage").focus();
  });
}

/** Draws the guideline, or how to have one. Where it stands between the passage and the rest, it is folded at first. */
export function drawGuideline(source) {
  byId("guideline-details").open = !matchMedia("(max-width: 60rem)").matches;
  fill(byId("guideline"), source
    ? markdown(source)
    : h("p", { class: "soft" }, "Write down when each label applies, and start ", h("code", {}, "standpoint serve"), " with that file as its guideline: it is shown here. Coders who share a guideline agree more often."));
}

/** Leads to the guideline, unfolded. */
export function openGuideline() {
  byId("guideline-details").open = true;
  byId("guideline-title").focus();
}
