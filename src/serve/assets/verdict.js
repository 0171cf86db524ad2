// Shows one text with its verdict: probabilities, slant, and the text with marks of what decided.

import { mark, ranges, sign } from "./charts.js";
import { h, s } from "./dom.js";
import { aboutOf, chance, isNumber, percent, plain, reasonInWords, signed, titleOf } from "./format.js";
import { drawText } from "./parts.js";

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
  const draw = () => drawText(body, document, series, chosen);
  const choice = layerChoice(document, id, signs, draw);
  draw();
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
