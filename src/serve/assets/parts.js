// Draws a text part by part: paragraphs with their own verdicts, the passages that they are judged in, and what was left out.

import { sign } from "./charts.js";
import { button, h } from "./dom.js";
import { chance, counted, isNumber, percent, plain } from "./format.js";
import { marked, marksOf } from "./highlight.js";

/** A longer text is shown up to here, and the rest on request. */
const MAX_SHOWN = 200_000;

/** Draws a text with the marks of a layer. `series` gives the number of a label. */
export function drawText(body, document, series, layer, all = false) {
  const { text, verdict, passages = [] } = document;
  const marks = layer === "none" ? [] : marksOf(document[layer], verdict?.label ?? verdict?.top ?? null);
  const kind = layer === "loaded_sentences" ? "loaded" : "label";
  const end = all ? text.length : Math.min(text.length, MAX_SHOWN);
  const parts = partsOf(document).filter((part) => part.start < end);
  const several = (document.paragraphs ?? []).length > 1;
  let passage = null;
  body.replaceChildren(...parts.flatMap((part) => {
    const words = marked(text, part.start, Math.min(part.end, end), marks, kind);
    if (part.kind === "left-out") return [leftOut(part, words)];
    const isFirst = isNumber(part.passage) && part.passage !== passage && passages.length > 0;
    if (isFirst) passage = part.passage;
    return [
      isFirst ? passageHead(document, passage, series) : null,
      h("div", { class: "paragraph" }, several && part.kind === "paragraph" ? chip(part, series, passages.length > 0) : null, h("p", { dir: "auto" }, words)),
    ].filter(Boolean);
  }));
  if (passages.length > 0) body.prepend(h("p", { class: "soft about-passages" }, aboutPassages(passages.length)));
  if (end < text.length) {
    body.append(button(`Show the rest: ${counted(text.length - end, "character")}`, () => drawText(body, document, series, layer, true)));
  }
}

/** The parts of a text in order: paragraphs, what was left out, and what lies between. */
export function partsOf({ text, paragraphs, left_out: leftOut }) {
  const known = [
    ...(paragraphs ?? []).map((of, at) => ({ ...of, number: at + 1, kind: "paragraph" })),
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

const aboutPassages = (count) =>
  `The model judges short paragraphs together. The verdict of the text comes from ${count === 1 ? "all of them as one passage" : `its ${count} passages`}; what the model says of a paragraph by itself does not count for it.`;

/** The verdict of paragraphs that are judged together, above the first of them. */
function passageHead({ passages, paragraphs }, number, series) {
  const part = passages[number];
  const own = paragraphs.flatMap((paragraph, at) => (paragraph.passage === number ? [at + 1] : []));
  const inside = own.length === 1 ? `paragraph ${own[0]}` : `paragraphs ${own[0]} to ${own.at(-1)}`;
  const name = passages.length === 1 ? "All paragraphs together" : `Passage ${number + 1} of ${passages.length}, ${inside}`;
  const weight = passages.length > 1 ? `, counts for ${percent(part.weight)} of the text` : "";
  return h("h3", { class: "passage-head" }, signOf(part, series), ` ${name}: ${verdictInWords(part, "")}`, h("span", { class: "soft" }, weight));
}

/** The verdict of a paragraph by itself. */
function chip(part, series, isInPassage) {
  const loaded = isNumber(part.loaded) ? `, ${percent(part.loaded)} of its sentences loaded` : "";
  const alone = isInPassage ? " by itself" : "";
  return h("p", { class: "chip" }, signOf(part, series), ` Paragraph ${part.number}${alone}: ${verdictInWords(part, alone)}`,
    h("span", { class: "soft" }, loaded));
}

const signOf = (part, series) => sign(part.label ? series(part.label) : -1);

function verdictInWords({ label, top, reason, probabilities }, alone) {
  const best = chance(Math.max(...(probabilities ?? []).map((of) => of.probability), 0));
  if (label) return `${plain(label)} ${best}`;
  const why = {
    "too-short": `too short to judge${alone}`,
    "low-confidence": `not certain enough, likeliest ${plain(top)} ${best}`,
    "off-topic": "unlike the texts that the model was trained on",
    "other-language": "in another language than the model’s",
    "nothing-known": "no word that the model knows",
  };
  return `no label, ${why[reason] ?? plain(reason)}`;
}

function leftOut({ rule, why }, words) {
  const reason = [rule, why].filter(Boolean).map(plain).join(": ");
  return h("div", { class: "paragraph left-out" }, h("p", { class: "chip" }, `Left out: ${reason}`), h("p", { dir: "auto" }, words));
}
