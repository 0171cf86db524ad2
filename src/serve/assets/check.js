// The screen for checking: a blind sample, a second coder, the old model and the new, export.

import { download, get, post } from "./api.js";
import { ranges } from "./charts.js";
import { byId, complain, fill, h, say, settle, table } from "./dom.js";
import { count, counted, figure, isNumber, percent, percentWithEnds, plain, signedWithEnds } from "./format.js";

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
    const [found, queue] = await Promise.all([get("/api/check"), get("/api/queue", { kind: "sample", limit: 1 })]);
    settle("check");
    draw(found, queue.left ?? null);
  } catch (error) {
    complain("check", error, load);
  }
}

function draw({ sample, second, compare }, left) {
  fill(byId("sample"), ofSample({ drawn: 0, coded: 0, ...sample, left }));
  fill(byId("second"), ofSecond(second));
  fill(byId("compare"), ofCompare(compare));
}

function ofSample({ drawn, of, coded, seed, left, share_corrected: shares }) {
  const open = left ?? drawn - coded;
  const passedOver = drawn - coded - open;
  if (!drawn) {
    return [
      h("p", {}, "Passages are drawn at random, each with a known chance, and you code them without the model’s view. Their labels correct the model’s shares; no other labels can, because the other queues choose what is uncertain."),
      drawForm("Draw", 1),
    ];
  }
  const parts = [
    h("p", {}, `${count(coded)} of ${counted(drawn, "passage")} coded.${of > drawn ? ` Each stands for ${count(Math.round(of / drawn))} of the archive’s ${count(of)} passages.` : ""}`),
    h("progress", { max: drawn, value: coded, "aria-label": "Passages of the sample that are coded" }),
  ];
  if (passedOver > 0) parts.push(h("p", { class: "soft" }, `${counted(passedOver, "passage")} of the sample not counted: skipped, unsure, or labeled with the model’s view in sight.`));
  if (open > 0) parts.push(h("p", {}, h("a", { href: "/label?queue=sample" }, coded > 0 ? "Continue coding the sample" : "Code the sample")));
  if (shares?.length) parts.push(corrected(shares));
  else parts.push(h("p", { class: "soft" }, "Corrected shares come from 30 coded passages on, once the whole archive is scored."));
  parts.push(h("details", {}, h("summary", {}, "Draw another sample"),
    h("p", { class: "soft" }, "With the same seed, a larger sample holds the smaller one, so that what is coded still counts."), drawForm("Draw another", seed ?? 1)));
  return parts;
}

function corrected(shares) {
  const labels = app.session.model?.labels ?? [];
  const series = (name) => labels.findIndex((label) => label.name === name);
  return h("div", { class: "panels" },
    ranges({
      title: "Corrected shares of labels",
      rows: shares.map((of) => ({ name: of.label, value: of.corrected, low: of.low, high: of.high, series: series(of.label) })),
      caption: "What share of all texts has each label, after the sample’s errors are taken into account. Lines are 95 % intervals.",
      withTable: false,
    }),
    table("Shares before and after", ["label", "the model’s", "corrected (95 %)"],
      shares.map((of) => [plain(of.label), percent(of.raw), percentWithEnds(of.corrected, of.low, of.high)])));
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
    h("label", {}, "Passages ", size), h("label", {}, "Seed ", seed), h("button", { type: "submit", class: "main" }, words));
}

function ofSecond(second) {
  if (!second) {
    return h("p", {}, "A second coder labels the same archive in a work folder of their own. Copy that folder beside yours and start ",
      h("code", {}, "standpoint serve … --second FOLDER"), "; then this shows how far you agree, and which passages you disagree on.");
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
    second.disagreements > 0 ? h("p", {}, h("a", { href: "/label?queue=disagreements" }, `Settle ${counted(second.disagreements, "disagreement")}`)) : null,
    h("p", {}, h("a", { href: "/label?queue=second" }, "Label what the second coder labeled and you did not")),
  ];
}

function reading(alpha) {
  if (!isNumber(alpha)) return "There are too few passages that both labeled for a figure.";
  if (alpha >= 0.8) return "An alpha of 0.80 or more is customary for conclusions that others rely on.";
  if (alpha >= 0.667) return "An alpha from 0.67 to 0.80 allows tentative conclusions only. Talk the disagreements over, and sharpen the guideline.";
  return "An alpha below 0.67 is too low to rely on. Settle the disagreements and sharpen the guideline before you label more.";
}

function ofCompare(compare) {
  if (!compare) {
    return h("p", {}, "After a training, both models answer the blind sample, which neither was trained on. That shows whether the new one is better on your archive.");
  }
  const rows = [["difference in macro-F1 (95 %)", signedWithEnds(compare.difference, compare.low, compare.high)], ["passages", count(compare.rows)]];
  return [
    h("p", { class: "lede" }, plain(compare.sentence)),
    table(`${plain(compare.new)} against ${plain(compare.old)}`, ["measure", "value"], rows),
    h("p", {}, "The Label screen lists all models, and lets an earlier one be used again."),
  ];
}
