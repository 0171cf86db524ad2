// Shows a text with marks in place: a sign, an underline and words for screen readers tell them apart as well as color.

import { h, heard } from "./dom.js";
import { plain } from "./format.js";

/** Marks that are at least this part of the strongest one are drawn strongly. */
const STRONG = 0.5;

/**
 * What a layer of a document marks, in order and apart from each other.
 * Contributions to `label` speak for it; what speaks for another label speaks against it.
 */
export function marksOf(layer, label) {
  if (!layer?.length) return [];
  const amount = (of) => of.label === undefined || of.label === label ? of.contribution ?? of.probability ?? 0 : -Math.abs(of.contribution ?? 0);
  const most = layer.reduce((strongest, of) => Math.max(strongest, Math.abs(amount(of))), Number.MIN_VALUE);
  let end = 0;
  const marks = [];
  for (const of of [...layer].sort((a, b) => a.start - b.start)) {
    const start = Math.max(of.start, end);
    if (start >= of.end || amount(of) === 0) continue;
    marks.push({ start, end: of.end, amount: amount(of), strong: Math.abs(amount(of)) >= STRONG * most, label: of.label ?? null });
    end = of.end;
  }
  return marks;
}

/** The part of a text from `start` to `end` as nodes, with those marks that reach into it. */
export function marked(text, start, end, marks, kind = "label") {
  const nodes = [];
  let at = start;
  for (const mark of marks) {
    const from = Math.max(mark.start, at);
    const to = Math.min(mark.end, end);
    if (from >= to) continue;
    if (from > at) nodes.push(plain(text.slice(at, from)));
    nodes.push(markOf(plain(text.slice(from, to)), mark, kind));
    at = to;
  }
  if (at < end) nodes.push(plain(text.slice(at, end)));
  return nodes;
}

function markOf(text, mark, kind) {
  const strong = mark.strong ? " strong" : "";
  if (kind === "loaded") return h("mark", { class: `loaded${strong}` }, heard("(loaded) "), text);
  const isFor = mark.amount > 0;
  return h("mark", { class: `${isFor ? "for" : "not"}${strong}` },
    h("span", { class: "sign", "aria-hidden": "true" }, isFor ? "+" : "−"),
    heard(isFor ? "(for) " : "(against) "),
    text);
}
