// Shows how many passages got each label, and the last decisions.

import { get, post } from "./api.js";
import { bar, sign } from "./charts.js";
import { byId, button, complain, fill, h, say, settle } from "./dom.js";
import { count, moment, plain, short } from "./format.js";

/** The list of decisions has so many characters of each passage. */
const EXCERPT = 160;

/** Draws the counts: those of labels as bars, the others as numbers. */
export function drawCounts(counts, labels) {
  const most = Math.max(...counts.labels.map((label) => label.count), 1);
  const series = (name) => labels.findIndex((label) => label.name === name);
  const others = [["skipped", counts.skipped], ["unsure", counts.unsure], ["fit none", counts.none], ["flagged", counts.flagged]]
    .filter(([, number]) => number > 0)
    .map(([name, number]) => `${count(number)} ${name}`);
  fill(byId("progress"),
    h("p", {}, h("strong", { id: "total" }, count(counts.total)), counts.total === 1 ? " decision" : " decisions", others.length ? `, of which ${others.join(", ")}` : ""),
    h("ul", { class: "counts" }, counts.labels.map(({ name, count: number }) =>
      h("li", {}, h("span", { class: "name", dir: "auto" }, sign(series(name)), ` ${plain(name)}`), bar(number / most, series(name)), h("span", { class: "number" }, count(number))))),
    counts.total === 0 ? h("p", { class: "soft" }, "Fifty labels take about twenty minutes, and are enough to see what they change.") : null);
}

/** What a decision says, in words. */
export function inWords({ kind, label }) {
  if (kind === "label") return plain(label);
  return { skip: "skipped", unsure: "unsure", none: "fits none" }[kind] ?? kind;
}

/** A passage of which only the list of decisions is left, which has its beginning. */
export function beginningOf({ title, text, excerpt }) {
  const passage = text ?? excerpt ?? "";
  const isCut = [...passage].length >= EXCERPT;
  return { title, passage: isCut ? `${passage} …` : passage, after: isCut ? "The list has the beginning of the passage only." : "" };
}

/** Lists the last decisions when they are opened, each with a way to change it. */
export function startRecent(change) {
  const details = byId("recent-details");
  const load = async () => {
    if (!details.open) return;
    try {
      const { recent } = await get("/api/labels");
      settle("recent");
      fill(byId("recent"), recent.length ? recent.map((decision) => item(decision, change)) : h("li", {}, "No decision yet."));
    } catch (error) {
      complain("recent", error, load);
    }
  };
  details.addEventListener("toggle", load);
  return load;
}

function item(decision, change) {
  const about = [decision.coder && plain(decision.coder), decision.time && moment(decision.time), decision.seen && "model’s view seen before"].filter(Boolean);
  return h("li", {},
    h("p", {}, h("strong", { dir: "auto" }, inWords(decision)), decision.flag ? " · flagged" : "", " ",
      button("Change", () => change(decision), { class: "quiet", "aria-label": `Change: ${short(decision.excerpt ?? decision.text, 40)}` })),
    h("p", { class: "soft", dir: "auto" }, short(decision.excerpt ?? decision.text, 110)),
    decision.note ? h("p", { dir: "auto" }, `Note: ${plain(decision.note)}`) : null,
    h("p", { class: "soft" }, about.join(" · ")));
}

/** Lets other labels be chosen than the model's: one a line. */
export function startNames(app) {
  const form = byId("names");
  const names = h("textarea", { rows: 5, spellcheck: false, id: "label-names" });
  names.value = app.session.model.labels.map((label) => label.name).join("\n");
  fill(form,
    h("label", {}, "One label a line ", names),
    h("p", { class: "soft" }, "Decisions that were made stay as they are. With labels other than the model’s, a model is trained on your labels alone."),
    h("p", { class: "actions" }, h("button", { type: "submit" }, "Use these labels"), button("Use the model’s labels", () => use([]))));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    use([...new Set(names.value.split("\n").map((name) => name.trim()).filter(Boolean))]);
  });
  async function use(labels) {
    try {
      await post("/api/session", { labels });
      settle("names");
      const { model } = await app.refresh();
      names.value = model.labels.map((label) => label.name).join("\n");
      say(`Labels: ${model.labels.map((label) => label.name).join(", ")}.`);
    } catch (error) {
      complain("names", error);
    }
  }
}
