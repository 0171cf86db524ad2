// Spells numbers, dates and names for readers.

const SPACE = "\u00a0";

/** A count with commas between thousands. */
export const count = (number) => Number(number ?? 0).toLocaleString("en-US");

/** A count with its noun: `1 text`, `2 texts`. */
export const counted = (number, noun) => `${count(number)}${SPACE}${noun}${number === 1 ? "" : "s"}`;

/** How far the texts of an archive are read. */
export const inReading = ({ texts }) => `${counted(texts, "text")} read so far`;

// As many decimals as keep what is neither nothing nor all from looking like it.
function digits(share) {
  const value = 100 * share;
  for (let decimals = 0; decimals < 6; decimals += 1) {
    const spelled = value.toFixed(decimals);
    if ((Number(spelled) === 0) === (value === 0) && (Number(spelled) === 100) === (value === 100)) return spelled;
  }
  return value.toFixed(6);
}

/**
 * A probability in whole percents: it is an estimate that more decimals would not make better. What is not certain never looks
 * like it.
 */
export function chance(probability) {
  if (!isNumber(probability)) return "–";
  if (probability > 0 && probability < 0.005) return `<1${SPACE}%`;
  if (probability < 1 && probability >= 0.995) return `>99${SPACE}%`;
  return `${Math.round(100 * probability)}${SPACE}%`;
}

/** A share in percent. */
export const percent = (share) => isNumber(share) ? `${digits(share)}${SPACE}%` : "–";

/** A share with its interval: `41 % (38–44)`. */
export const percentWithEnds = (share, low, high) =>
  isNumber(low) && isNumber(high) ? `${percent(share)} (${digits(low)}–${digits(high)})` : percent(share);

/** A figure from 0 to 1 with its interval: `0.74 (0.70–0.78)`. */
export function figure(value, low, high) {
  if (!isNumber(value)) return "–";
  const ends = isNumber(low) && isNumber(high) ? ` (${low.toFixed(2)}–${high.toFixed(2)})` : "";
  return `${value.toFixed(2)}${ends}`;
}

/** A number with its sign, a true minus, and nothing before zero. */
export function signed(number, decimals = 2) {
  if (!isNumber(number)) return "–";
  const spelled = Math.abs(number).toFixed(decimals);
  return `${Number(spelled) === 0 ? "" : number < 0 ? "−" : "+"}${spelled}`;
}

/** A number with its sign and its interval: `+0.21 (+0.15 to +0.27)`. */
export const signedWithEnds = (value, low, high) =>
  isNumber(low) && isNumber(high) ? `${signed(value)} (${signed(low)} to ${signed(high)})` : signed(value);

/** Whether a figure is there. */
export const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

// What moves letters about or shows nothing: each is one unit, so that offsets stay as they are.
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text without control characters, as long as it was. */
export const plain = (text) => String(text ?? "").replace(UNSEEN, "\ufffd");

/** A text in one line, cut at a length. */
export function short(text, length = 120) {
  const line = plain(text).replace(/\s+/g, " ").trim();
  const letters = [...line.slice(0, 2 * length)];
  return letters.length > length || line.length > 2 * length ? `${letters.slice(0, length).join("").trimEnd()}…` : line;
}

/** A moment as the reader's own clock and calendar have it. */
export function moment(time) {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? plain(time) : date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

/** A reason for not deciding, in words. */
export function reasonInWords(reason) {
  const words = {
    "too-short": "The text is too short to judge.",
    "other-language": "The text is in a language that the model was not trained on.",
    "nothing-known": "The model knows too few of its words.",
    "nothing-extracted": "No article was found in the page.",
    "off-topic": "The text is unlike what the model was trained on.",
    "low-confidence": "Answers as uncertain as this one were wrong too often in training.",
  };
  return words[reason] ?? "";
}

/** Title, or what stands for it: the name of the file. */
export const titleOf = (text) => plain(text.title || (text.id ?? "").split(/[\\/]/).at(-1) || "Untitled");

/** What stands for a source that is not known. */
export const NO_NAME = "(none)";

/** Source and date, as far as known. */
export const aboutOf = (text) => [text.source, text.date].filter(Boolean).map(plain).join(" · ");
