// Shows one text with its verdict: probabilities, slant, paragraphs, what decided it and what was left out.

import { mark, ranges, sign } from "./charts.js";
import { button, h, heard, s } from "./dom.js";
import { aboutOf, chance, counted, isNumber, percent, plain, reasonInWords, signed, titleOf } from "./format.js";
import { marked, marksOf } from "./highlight.js";

/** A longer text is shown up to here, and the rest on request. */
const MAX_SHOWN = 200_000;

const LAYERS = [
  ["words", "Words"],
  ["sentences", "Sentences"],
  ["loaded_sentences", "Loaded sentences"],
  ["none", "Nothing"],
];
let chosen = "words";
let documents = 0;

/** The article of a document. `labels` are the model's, in its order. */
export function verdictOf(document, labels) {
  documents += 1;
  const id = `document-${documents}`;
  const series = (name) => labels.findIndex((label) => label.name === name);
  const body = h("div", { class: "text", dir: "auto" });
  const signs = h("p", { class: "soft legend" });
  const choice = layerChoice(document, id, signs, () => drawText(body, document, series));
  drawText(body, document, series);
  return h("article", { class: "verdict", "aria-labelledby": id },
    h("h2", { id, tabindex: "-1", dir: "auto" }, titleOf(document)),
    h("p", { class: "soft", dir: "auto" }, aboutOf(document)),
    answer(document.verdict, series),
    (document.notes ?? []).map((note) => h("p", { class: "caveat" }, plain(note))),
    choice, body);
}

function answer(verdict, series) {
  if (!verdict) return h("p", { class: "caveat" }, "This text has not been scored yet. It will be in a moment.");
  const { label, top, reason, confidence, slant, loaded } = verdict;
  const lead = label
    ? h("p", { class: "answer" }, sign(series(label)), " ", h("strong", { dir: "auto" }, plain(label)), ` ${chance(confidence)}`)
    : h("p", { class: "answer" }, sign(-1), " ", h("strong", {}, "No label"), reason ? `: ${plain(reason)}` : "");
  const why = label ? null : h("p", {}, plain(verdict.reason_text || reasonInWords(reason)), top ? ` If it had to decide, it would say ${plain(top)}.` : "");
  const probabilities = (verdict.probabilities ?? []).map(({ label: name, probability }) => ({ name, value: probability, series: series(name), muted: !label }));
  const facts = h("dl", { class: "facts" },
    isNumber(slant) && h("div", {}, h("dt", {}, "Slant, from −1 to +1"), h("dd", {}, signed(slant), " ", slantLine(slant))),
    isNumber(loaded) && h("div", {}, h("dt", {}, "Sentences with loaded words"), h("dd", {}, percent(loaded))));
  return h("div", { class: "answer-box" }, h("div", {}, lead, why, facts),
    probabilities.length ? ranges({ title: "Probabilities", kind: "chance", rows: probabilities }) : null);
}

function slantLine(slant) {
  const x = 60 + 54 * Math.max(-1, Math.min(1, slant));
  return s("svg", { class: "slant", viewBox: "0 0 120 14", "aria-hidden": "true", focusable: "false" },
    s("line", { class: "grid", x1: 6, y1: 7, x2: 114, y2: 7 }), s("line", { class: "zero", x1: 60, y1: 1, x2: 60, y2: 13 }), mark(0, x, 7));
}

function layerChoice(document, id, signs, redraw) {
  const rows = LAYERS.filter(([layer]) => layer === "none" || document[layer]?.length);
  if (rows.length === 1) return null;
  if (!rows.some(([layer]) => layer === chosen)) [[chosen]] = rows;
  const draw = () => { signs.replaceChildren(...legend(document)); redraw(); };
  signs.replaceChildren(...legend(document));
  const pick = (layer) => h("input", {
    type: "radio", name: `layer-${id}`, value: layer, checked: layer === chosen,
    on: { change: () => { chosen = layer; draw(); } },
  });
  return h("fieldset", { class: "choices" }, h("legend", {}, "Mark in the text"),
    rows.map(([layer, name]) => h("label", {}, pick(layer), ` ${name}`)), signs);
}

/** What the marks of the chosen layer mean. */
function legend({ verdict }) {
  const towards = verdict?.label ?? verdict?.top;
  if (chosen === "none" || !towards) return [];
  if (chosen === "loaded_sentences") return [h("mark", { class: "loaded" }, "loaded sentence"), ", by the model of loaded language; stronger color, likelier"];
  return [
    h("mark", { class: "for" }, h("span", { class: "sign", "aria-hidden": "true" }, "+"), " for"), " ",
    h("mark", { class: "not" }, h("span", { class: "sign", "aria-hidden": "true" }, "−"), " against"), ` ${plain(towards)}; stronger color, stronger part`,
  ];
}

/** The parts of a text in order: paragraphs, what was left out, and what lies between. */
export function partsOf({ text, paragraphs, left_out: leftOut }) {
  const known = [
    ...(paragraphs ?? []).map((of) => ({ ...of, kind: "paragraph" })),
    ...(leftOut ?? []).map((of) => ({ ...of, kind: "left-out" })),
  ].sort((a, b) => a.start - b.start || b.end - a.end);
  const parts = [];
  let at = 0;
  for (const part of known) {
    const start = Math.max(part.start, at);
    if (start >= part.end) continue;
    if (text.slice(at, start).trim() !== "") parts.push({ kind: "between", start: at, end: start });
    parts.push({ ...part, start });
    at = part.end;
  }
  if (text.slice(at).trim() !== "") parts.push({ kind: "between", start: at, end: text.length });
  return parts;
}

function drawText(body, document, series, all = false) {
  const { text, verdict } = document;
  const towards = verdict?.label ?? verdict?.top ?? null;
  const marks = chosen === "none" ? [] : marksOf(document[chosen], towards);
  const kind = chosen === "loaded_sentences" ? "loaded" : "label";
  const end = all ? text.length : Math.min(text.length, MAX_SHOWN);
  const parts = partsOf(document).filter((part) => part.start < end);
  const several = parts.filter((part) => part.kind === "paragraph").length > 1;
  body.replaceChildren(...parts.map((part) => {
    const words = marked(text, part.start, Math.min(part.end, end), marks, kind);
    if (part.kind === "left-out") return leftOut(part, words);
    return h("div", { class: "paragraph" }, several && part.kind === "paragraph" ? chip(part, series) : null, h("p", { dir: "auto" }, words));
  }));
  if (end < text.length) {
    body.append(button(`Show the rest: ${counted(text.length - end, "character")}`, () => drawText(body, document, series, true)));
  }
}

function chip(part, series) {
  const best = Math.max(...(part.probabilities ?? []).map((of) => of.probability ?? of), 0);
  const name = part.label ? plain(part.label) : `no label${part.reason ? `: ${plain(part.reason)}` : ""}`;
  const loaded = isNumber(part.loaded) ? `, ${percent(part.loaded)} of its sentences loaded` : "";
  return h("p", { class: "chip" }, sign(part.label ? series(part.label) : -1), heard("Paragraph: "), ` ${name}`,
    part.label && best > 0 ? ` ${chance(best)}` : "", h("span", { class: "soft" }, loaded));
}

function leftOut({ rule, why }, words) {
  const reason = [rule, why].filter(Boolean).map(plain).join(": ");
  return h("div", { class: "paragraph left-out" }, h("p", { class: "chip" }, `Left out: ${reason}`), h("p", { dir: "auto" }, words));
}
