// The screen for checking: a blind sample, a second coder, the old model and the new, export.

import { download, get, poll, post } from "./api.js";
import { ranges } from "./charts.js";
import { byId, button, complain, fill, h, say, settle, table } from "./dom.js";
import { count, counted, figure, isNumber, percent, percentWithEnds, plain, signedWithEnds } from "./format.js";

const NONE = "fits none";
const SIZES = [50, 100, 200, 400];
let app = null;

/** Begins the screen. */
export function start(of) {
  app = of;
  for (const link of document.querySelectorAll("[data-export]")) link.addEventListener("click", exportFile);
  app.whenRead(load);
}

/** Saves what a link leads to, or says why there is nothing to save. */
async function exportFile(event) {
  event.preventDefault();
  const { href } = event.currentTarget;
  try {
    await download(href);
    settle("export");
  } catch (error) {
    complain("export", error);
  }
}

async function load() {
  try {
    const found = await get("/api/check");
    settle("check");
    draw(found);
  } catch (error) {
    complain("check", error, load);
  }
}

function draw({ sample, second, compare }) {
  fill(byId("sample"), ofSample({ drawn: 0, coded: 0, ...sample }));
  fill(byId("second"), ofSecond(second, sample));
  fill(byId("compare"), ofCompare(compare));
}

function ofSample({ drawn, of, coded, seed, open, later, skipped, seen, learned, share_corrected: shares }) {
  if (!drawn) {
    return [
      h("p", {}, "Passages are drawn at random, each with the same chance and so the same weight, and you code them without the model’s view. Their labels correct the model’s shares; no other labels can, because the other queues choose what is uncertain."),
      drawForm("Draw", 1),
    ];
  }
  const parts = [
    h("p", {}, `${count(coded)} of ${counted(drawn, "passage")} coded.${of > drawn ? ` Each stands for ${count(Math.round(of / drawn))} of the archive’s ${count(of)} passages.` : ""}`),
    h("progress", { max: drawn, value: coded, "aria-label": "Passages of the sample that are coded" }),
  ];
  const others = [
    later > 0 && `${counted(later, "passage")} that you have labeled already ${later === 1 ? "comes" : "come"} later in the order of the draw, and ${later === 1 ? "counts" : "count"} once those before are coded.`,
    skipped > 0 && `${counted(skipped, "passage")} skipped or unsure.`,
    seen > 0 && `${counted(seen, "passage")} not counted: labeled with the model’s view in sight.`,
  ].filter(Boolean);
  if (others.length) parts.push(h("p", { class: "soft" }, others.join(" ")));
  if (learned > 0) parts.push(ofLearned(learned, coded));
  if (open > 0) parts.push(h("p", {}, h("a", { href: "/label?queue=sample" }, coded > 0 ? "Continue coding the sample" : "Code the sample")));
  if (shares?.length) parts.push(corrected(shares));
  else parts.push(h("p", { class: "soft" }, "Corrected shares come from 30 coded passages on, once the whole archive is scored."));
  parts.push(h("details", {}, h("summary", {}, "Draw another sample"),
    h("p", { class: "soft" }, "With the same seed, a larger sample holds the smaller one, so that what is coded still counts."), drawForm("Draw another", seed ?? 1)));
  return parts;
}

/** What the model in use learned before the draw says nothing about it; a training without the sample mends that. */
function ofLearned(learned, coded) {
  const state = h("p", { role: "status" });
  const retrain = button("Retrain without the sample", async () => {
    retrain.disabled = true;
    state.textContent = "Training …";
    try {
      await post("/api/train", {});
      poll(() => get("/api/training"), (training) => {
        if (training.state === "running") return false;
        if (training.state === "failed") state.textContent = `The training failed: ${plain(training.error)}`;
        else app.refresh().then(load);
        retrain.disabled = false;
        return true;
      }, 700);
    } catch (error) {
      retrain.disabled = false;
      state.textContent = "";
      complain("sample", error);
    }
  });
  return h("div", { class: "warning" },
    h("p", {}, `The model in use was trained on ${count(learned)} of the ${count(coded)} coded passages before they were drawn. Shares are corrected by models that did not learn them; the evaluation page comes after a training without them. Models never learn from a sample after its draw.`),
    h("p", { class: "actions" }, retrain), state);
}

function corrected(shares) {
  const labels = app.session.model?.labels ?? [];
  const series = (name) => labels.findIndex((label) => label.name === name);
  return h("div", { class: "panels" },
    ranges({
      title: "Corrected shares of labels",
      rows: shares.map((of) => ({ name: of.label ?? NONE, value: of.corrected, low: of.low, high: of.high, series: series(of.label) })),
      caption: "What share of all passages has each label, after the model’s errors on the sample are taken into account. Lines are 95 % intervals.",
      withTable: false,
    }),
    h("div", {},
      table("Shares before and after", ["label", "the model’s", "corrected (95 %)"],
        shares.map((of) => [plain(of.label ?? NONE), percent(of.raw), percentWithEnds(of.corrected, of.low, of.high)])),
      h("p", { class: "soft" }, "“The model’s” counts the likeliest label of each passage, also where the model gives no label.")));
}

function drawForm(words, lastSeed) {
  const size = h("select", {}, SIZES.map((of) => h("option", { value: of, selected: of === 100 }, count(of))));
  const seed = h("input", { type: "number", min: 0, max: 4294967295, step: 1, value: lastSeed });
  const submit = async (event) => {
    event.preventDefault();
    try {
      await post("/api/check/sample", { size: Number(size.value), seed: Math.round(Number(seed.value) || 0) });
      settle("sample");
      await load();
      say("The sample is drawn.");
      byId("sample").querySelector("a")?.focus();
    } catch (error) {
      complain("sample", error);
    }
  };
  return h("form", { class: "draw", on: { submit } },
    h("label", {}, "Passages ", size), h("label", { title: "Any number. The same number draws the same passages of the same archive, for you and for a second coder" }, "Seed ", seed), h("button", { type: "submit", class: "main" }, words));
}

/** The name of a file as a shell takes it. */
const asArgument = (name) => (/^[\w.@%+/][\w.@%+/-]*$/.test(name) ? name : `'${name.replace(/^-/, "./-").replaceAll("'", "'\\''")}'`);

function ofSecond(second, sample) {
  const names = app.session.archive?.names ?? [];
  const archive = names.length === 0 ? "ARCHIVE" : names.map((name) => asArgument(plain(name))).join(" ");
  const draw = sample?.drawn > 0 ? `${count(sample.drawn)} passages with seed ${sample.seed}` : "as many passages as you with the same seed, such as 50 with seed 1";
  if (!second) {
    return [
      h("p", {}, "A second coder labels the same archive in a work folder of their own:"),
      h("ol", {},
        h("li", {}, "They start ", h("code", {}, `standpoint serve ${archive} --work ben-labels --coder Ben`), ", with the files that you have open."),
        h("li", {}, `On this screen they draw ${draw}: then they get the same passages as you. Passages of other queues hardly overlap.`),
        h("li", {}, "You copy their work folder beside yours and start ", h("code", {}, `standpoint serve ${archive} --second ben-labels`), " with your own work folder. Then this shows how far you agree, and which passages you disagree on.")),
    ];
  }
  const rows = [
    ["Krippendorff’s alpha (95 %)", figure(second.alpha, second.alpha_low, second.alpha_high)],
    ["Cohen’s kappa (95 %)", figure(second.kappa, second.kappa_low, second.kappa_high)],
    ["passages that both labeled", count(second.both)],
    ["disagreements", count(second.disagreements)],
  ];
  return [
    table(`You and ${plain(second.name)}`, ["measure", "value"], rows),
    h("p", {}, reading(second.alpha)),
    h("p", { class: "soft" }, "Both measures are 1 where coders always agree and 0 where they agree no more than by chance. Kappa is read as alpha is."),
    second.unsettled > 0 ? h("p", {}, h("a", { href: "/label?queue=disagreements" }, `Settle ${counted(second.unsettled, "disagreement")}`)) : null,
    second.left > 0 ? h("p", {}, h("a", { href: "/label?queue=second" }, `Label ${counted(second.left, "passage")} that the second coder labeled and you did not`)) : null,
    second.both === 0 && second.left === 0 ? h("p", {}, `No passage of the second coder is in this archive, or none is labeled yet. Let them draw ${draw}.`) : null,
  ];
}

function reading(alpha) {
  if (!isNumber(alpha)) return "There are too few passages that both labeled for a figure.";
  if (alpha >= 0.8) return "An alpha of 0.80 or more is customary for conclusions that others rely on.";
  if (alpha >= 0.667) return "An alpha from 0.67 to 0.80 allows tentative conclusions only. Talk the disagreements over, and sharpen the guideline.";
  return "An alpha below 0.67 is too low to rely on. Settle the disagreements and sharpen the guideline before you label more.";
}

/** A model of the work folder by its number, another by its name: what follows is a hash of its file. */
function nameOf(id) {
  const name = plain(id).split("@")[0];
  return /^\d+$/.test(name) ? `model ${Number(name)}` : `“${name}”`;
}

function ofCompare(compare) {
  if (!compare) {
    return h("p", {}, "After a training, this compares the new model with the one before it: on passages of the blind sample that neither has learned, if 20 of them are coded; else on your labels, each judged by models that have not learned it.");
  }
  // Where no answer changed there is no difference to show.
  const rows = [compare.changed === 0 ? ["answers that changed", "0"] : ["difference in macro-F1 (95 %)", signedWithEnds(compare.difference, compare.low, compare.high)], ["passages", count(compare.rows)]];
  return [
    h("p", { class: "lede" }, plain(compare.sentence)),
    table(`The new one, ${nameOf(compare.new)}, against ${nameOf(compare.old)}`, ["measure", "value"], rows),
    h("p", {}, "Macro-F1 is 1 where all passages get their label, and counts each label alike. The Label screen lists all models, and lets an earlier one be used again."),
  ];
}
