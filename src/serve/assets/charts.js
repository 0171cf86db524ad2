// Draws charts as the published pages have them: a mark at its figure with the interval, and a table for readers.

import { h, s, table } from "./dom.js";
import { chance, count, figure, isNumber, percent, percentWithEnds, plain, signed, signedWithEnds } from "./format.js";

const WIDTH = 400;
const ROW = 24;
const NAME = 152;
const FIGURE = 112;
let charts = 0;

/** The mark of a label, which its shape tells as well as its color. */
export function mark(series, x, y, muted = false) {
  const kind = ((series % 8) + 8) % 8;
  const name = muted || series < 0 ? "mark muted" : `mark s${kind}`;
  const box = (width, height) =>
    s("rect", { class: name, x: x - width / 2, y: y - height / 2, width, height });
  const outline = (...points) =>
    s("path", { class: name, d: `M${points.map(([dx, dy]) => `${x + dx} ${y + dy}`).join("L")}Z` });
  switch (kind) {
    case 1: return box(8, 8);
    case 2: return outline([0, -5], [5, 4], [-5, 4]);
    case 3: return outline([0, -5.5], [5.5, 0], [0, 5.5], [-5.5, 0]);
    case 4: return outline([0, 5], [5, -4], [-5, -4]);
    case 5: return box(11, 5);
    case 6: return box(5, 11);
    default: return s("circle", { class: name, cx: x, cy: y, r: kind === 7 ? 3 : 4.5 });
  }
}

/** The mark of a label by itself, to stand before its name. */
export function sign(series) {
  return s("svg", { class: "sign-of-label", viewBox: "0 0 14 14", "aria-hidden": "true", focusable: "false" }, mark(series, 7, 7));
}

function drawing(title, description, height, shapes) {
  charts += 1;
  const id = `chart-${charts}`;
  return s("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-labelledby": `${id}-title ${id}-desc` },
    s("title", { id: `${id}-title` }, title), s("desc", { id: `${id}-desc` }, description), shapes);
}

const text = (name, x, y, anchor, words) => s("text", { class: name, x, y, "text-anchor": anchor }, words);
const line = (name, x1, y1, x2, y2) => s("line", { class: name, x1, y1, x2, y2 });

// Names that fit into so many letters. Where different names begin alike, they are cut where they differ.
function fitted(names, room = 20) {
  const cut = (name) => [...name].length > room ? `${[...name].slice(0, room - 1).join("")}…` : name;
  return names.map((name) => {
    const alike = names.filter((other) => other !== name && cut(other) === cut(name));
    return alike.length > 0 ? cutMiddle([...name], alike.map((other) => [...other]), room) : cut(name);
  });
}

// A name without the middle that it shares with others, so that it goes on with the word in which it differs from them.
function cutMiddle(name, others, room) {
  const differing = name.findIndex((letter, at) => others.some((other) => other[at] !== letter));
  const shared = differing < 0 ? name.length : differing;
  const word = name.lastIndexOf(" ", shared - 1) + 1;
  const end = name.slice(shared - word < room / 3 ? word : shared);
  const most = Math.floor(0.75 * room) - 1;
  const shown = end.length > most ? [...end.slice(0, most - 1), "…"] : end;
  return [...name.slice(0, room - 1 - shown.length), "…", ...shown].join("");
}

const AXES = {
  share: { low: 0, high: 1, spell: percent, inDrawing: percentWithEnds, inTable: percentWithEnds },
  chance: { low: 0, high: 1, spell: percent, inDrawing: chance, inTable: chance },
  score: { low: 0, high: 1, spell: (value) => String(Number(value.toFixed(2))), inDrawing: figure, inTable: figure },
  slant: { low: -1, high: 1, spell: (value) => signed(value, 1).replace(".0", ""), inDrawing: (value) => signed(value), inTable: signedWithEnds },
};

/**
 * One row for each name with a mark at its figure: `{ name, value, low?, high?, series, muted? }`.
 * `kind` is share, chance, score or slant.
 */
export function ranges({ title, kind = "share", rows, caption = null, withTable = true }) {
  const axis = AXES[kind];
  const bottom = 4 + ROW * rows.length;
  const right = WIDTH - (kind === "slant" ? 52 : FIGURE) - 8;
  const x = (value) => NAME + (right - NAME) * Math.min(1, Math.max(0, (value - axis.low) / (axis.high - axis.low)));
  const shapes = [];
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    const value = axis.low + part * (axis.high - axis.low);
    shapes.push(line(kind === "slant" && part === 0.5 ? "zero" : "grid", x(value), 4, x(value), bottom));
    if (part % 0.5 === 0) shapes.push(text("tick", x(value), bottom + 15, "middle", axis.spell(value)));
  }
  const names = fitted(rows.map((row) => plain(row.name)));
  rows.forEach((row, at) => {
    const y = 4 + ROW * (at + 0.5);
    const tone = row.muted ? "soft" : "name";
    shapes.push(text(tone, NAME - 10, y + 4, "end", names[at]));
    if (!isNumber(row.value)) {
      shapes.push(text("soft", WIDTH - 2, y + 4, "end", "–"));
      return;
    }
    if (isNumber(row.low) && isNumber(row.high)) {
      shapes.push(line(`whisker ${row.muted || row.series < 0 ? "muted" : `s${row.series % 8}`}`, x(row.low), y, x(row.high), y));
    }
    shapes.push(mark(row.series, x(row.value), y, row.muted));
    shapes.push(text(tone, WIDTH - 2, y + 4, "end", axis.inDrawing(row.value, row.low, row.high)));
  });
  const chart = drawing(title, "One row for each name with its figure; lines are 95 % intervals. The table has the numbers.", bottom + 22, shapes);
  const numbers = () => table(title, ["name", "figure"], rows.map((row) => [plain(row.name), axis.inTable(row.value, row.low, row.high)]));
  return framed(title, chart, caption, withTable ? numbers : null);
}

/** A line through figures by number of labels: `{ labels, macro_f1 }`. */
export function curve({ title, points, caption = null }) {
  const left = 46;
  const right = WIDTH - 14;
  const most = Math.max(...points.map((point) => point.labels), 1);
  const x = (labels) => left + (right - left) * (labels / most);
  const y = (value) => 150 - 140 * Math.min(1, Math.max(0, value));
  const shapes = [];
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    shapes.push(line("grid", left, y(part), right, y(part)), text("tick", left - 6, y(part) + 4, "end", AXES.score.spell(part)));
  }
  // The figures' own places are the marks of the axis, where there is room for their numbers.
  let free = -Infinity;
  for (const { labels } of points) {
    if (x(labels) < free) continue;
    shapes.push(text("tick", x(labels), 167, "middle", count(labels)));
    free = x(labels) + 28;
  }
  shapes.push(text("tick", (left + right) / 2, 186, "middle", "labels"));
  shapes.push(s("path", { class: "curve", d: `M${points.map((point) => `${x(point.labels)} ${y(point.macro_f1)}`).join("L")}` }));
  for (const point of points) shapes.push(mark(0, x(point.labels), y(point.macro_f1)));
  const chart = drawing(title, "A line through the figure at each number of labels. The table has the numbers.", 192, shapes);
  return framed(title, chart, caption,
    () => table(title, ["labels", "macro-F1"], points.map((point) => [count(point.labels), figure(point.macro_f1)])));
}

/** A bar as long as a share, drawn without a name: what it shows stands beside it. */
export function bar(share, series = -1) {
  const name = series < 0 ? "bar muted" : `bar s${series % 8}`;
  return s("svg", { class: "bar-line", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" },
    s("rect", { class: "trough", x: 0, y: 0, width: 100, height: 8 }),
    s("rect", { class: name, x: 0, y: 0, width: Math.max(0, Math.min(100, 100 * share)), height: 8 }));
}

// Numbers are made when they are opened.
function framed(title, chart, caption, numbers) {
  const details = numbers && h("details", {}, h("summary", {}, "Numbers"));
  details?.addEventListener("toggle", () => { if (details.open && details.children.length === 1) details.append(numbers()); });
  return h("figure", {}, h("h3", {}, title), chart, caption && h("figcaption", {}, caption), details);
}
