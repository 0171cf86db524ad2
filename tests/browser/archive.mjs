// Writes an archive of invented articles: a table with a source, a date, a title and a column of its own.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

const ENDS = [
  [
    "The allies must sign a binding guarantee now, because every month without one invites the next attack on Ukraine.",
    "Only membership in NATO will deter Russia, and those who still hesitate should say what they would put in its place.",
    "Weapons that arrive late cost lives, so the capitals owe Kyiv the air defence that they promised in the spring.",
    "Concessions have failed each time they were tried, and firmness is the one course that has held the line.",
  ],
  [
    "The alliance has expanded toward a border that it was warned about, and it calls the answer unprovoked.",
    "Guarantees from Washington are promises that others pay for, and they make a settlement harder to reach.",
    "More weapons lengthen the war without changing its end, which will be neutrality whatever the ministers say.",
    "NATO needs the threat more than the threat needs NATO, and its budgets show whom the fear serves.",
  ],
  [
    "Ministers of the alliance met in Brussels and discussed a draft text on security guarantees, officials said.",
    "The ministry reported deliveries of ammunition by country, with a decline in April and an increase in June.",
    "Analysts named three options for a settlement and listed costs and risks of each without a preference.",
    "The envoy said that talks would continue next week, while the other delegation declined to comment.",
  ],
];
const PLACES = ["Riga", "Vilnius", "Warsaw", "Prague", "Lisbon", "Athens", "Oslo", "Dublin", "Madrid", "Vienna", "Bucharest", "Tallinn"];
const THINGS = ["harbour", "rail yard", "archive", "border post", "depot", "town hall", "ferry", "airfield", "bridge", "barracks", "press room", "market"];
const MORE = ["autumn", "letter", "train", "river", "window", "clerk", "budget", "winter", "map", "school", "printer", "garden", "engine", "ladder", "lamp",
  "folder", "kitchen", "coat", "valley", "quarry", "orchard", "bell", "roof", "canal", "factory", "library", "tunnel", "island", "tower", "chapel",
  "mayor", "driver", "farmer", "nurse", "baker", "pilot", "judge", "tailor", "miner", "singer"];
const DOING = ["crossed", "counted", "painted", "opened", "carried", "measured", "followed", "repaired", "emptied", "lifted", "sold", "copied", "marked", "moved"];
const SOURCES = ["Baltic Courier", "Harbour Review", "The Weekly Ledger", "Morning Desk", "Depesche", "Southern Post"];

// Numbers that follow from a seed.
function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const quoted = (cell) => `"${cell.replaceAll('"', '""')}"`;

/** Rows of articles, each of several paragraphs. */
export function articles(count, seed = 1) {
  const draw = numbers(seed);
  const pick = (list) => list[draw(list.length)];
  return Array.from({ length: count }, (_, number) => {
    const side = draw(3);
    // Words that no paragraph shares with another keep one from being a reprint of another.
    const scene = () => `A ${pick(MORE)} and ${2 + draw(90)} ${pick(MORE)}s ${pick(DOING)} the ${pick(THINGS)} of ${pick(PLACES)}, while the ${pick(MORE)} ${pick(DOING)} a ${pick(MORE)} by the ${pick(THINGS)}.`;
    const paragraph = () => `${scene()} ${pick(ENDS[draw(4) ? side : draw(3)])} ${scene()} ${scene()}`;
    const day = `2026-0${1 + (number % 6)}-${10 + draw(18)}`;
    return { id: `a-${number}`, title: `Letter ${number} from ${pick(PLACES)}`, source: SOURCES[number % SOURCES.length], date: day, desk: `desk "${number}", north`, text: [paragraph(), paragraph(), paragraph()].join("\n\n") };
  });
}

/** The side that most sentences of a text take: 0 for guarantees, 1 against them, 2 for neither. */
export function sideOf(text) {
  const found = ENDS.map((ends) => ends.filter((end) => text.includes(end)).length);
  return found.indexOf(Math.max(...found));
}

/** Writes rows as a table into a folder and gives its path. */
export async function writeTable(folder, rows, name = "articles.csv") {
  const columns = Object.keys(rows[0]);
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))].map((cells) => cells.map(quoted).join(","));
  const path = join(folder, name);
  await writeFile(path, `${lines.join("\n")}\n`);
  return path;
}

/** The rows of a table, as objects. */
export function parseTable(text) {
  const rows = [[""]];
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const c = text[at];
    const row = rows.at(-1);
    if (isQuoted) {
      if (c !== '"') row[row.length - 1] += c;
      else if (text[at + 1] === '"') { row[row.length - 1] += '"'; at += 1; }
      else isQuoted = false;
    } else if (c === '"') isQuoted = true;
    else if (c === ",") row.push("");
    else if (c === "\n") rows.push([""]);
    else if (c !== "\r") row[row.length - 1] += c;
  }
  const [head, ...body] = rows.filter((row) => row.length > 1 || row[0] !== "");
  return body.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at] ?? ""])));
}
