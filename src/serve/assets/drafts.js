// Keeps notes and flags on passages that are not decided yet, so that a reload of the page loses none.

const nameOf = (unit) => `draft:${unit}`;

/** Keeps what is noted about a passage; nothing, if nothing is. */
export function keepDraft({ unit, note, flag }) {
  try {
    if (note || flag) sessionStorage.setItem(nameOf(unit), JSON.stringify({ note, flag }));
    else sessionStorage.removeItem(nameOf(unit));
  } catch {
    // A browser that keeps nothing loses a draft, and nothing else.
  }
}

/** A passage with what was noted about it before the page was loaded again. */
export function withDraft(item) {
  if (item === null) return item;
  try {
    return Object.assign(item, JSON.parse(sessionStorage.getItem(nameOf(item.unit)) ?? "{}"));
  } catch {
    return item;
  }
}

/** Forgets what is saved with a decision. */
export const dropDraft = (unit) => keepDraft({ unit });
