// Speaks with the program: JSON over this page's own address, and nothing else.

/** What the program refused, in a sentence, and what to do about it. */
export class Refusal extends Error {
  constructor(status, message, hint, body = null) {
    super(message);
    this.status = status;
    this.hint = hint;
    this.body = body;
  }
}

const SILENT = "The program is not responding.";
const GONE = "Keep this tab open. Start `standpoint serve` again on the same port, open its address in another tab, then press Try again here.";
/** A save waits so long for its answer; the program itself gives up on a body after 30 s. */
const SAVE_TIMEOUT = 35_000;
const BROKEN_OFF = "The export broke off.";
const CHANGED = "The input may have changed since it was opened. Start `standpoint serve` again, then export.";
const LOCKED = "Open the address that `standpoint serve` prints in its terminal.";

/** Gets an answer that is no refusal. */
async function fetched(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal(0, SILENT, GONE);
  }
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

async function ask(path, options = {}) {
  const answer = await fetched(path, options);
  // An answer that was cut off says nothing about what was done.
  const body = await answer.json().catch(() => null);
  if (body === null) throw new Refusal(0, SILENT, GONE);
  return body;
}

async function refusal(answer) {
  const body = await answer.json().catch(() => null);
  const locked = answer.status === 401 || answer.status === 403;
  const message = body?.error ?? (locked ? "This page is locked." : `The program refused this (status ${answer.status}).`);
  return new Refusal(answer.status, message, body?.hint ?? (locked ? LOCKED : null), body);
}

/** Gets something; `query` holds parameters, of which empty ones are left out. */
export function get(path, query = {}, options = {}) {
  const present = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const words = new URLSearchParams(present).toString();
  return ask(words ? `${path}?${words}` : path, options);
}

/** Sends an object. */
export function post(path, body = {}, options = {}) {
  return ask(path, {
    ...options,
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Standpoint": "1" },
    body: JSON.stringify(body),
  });
}

/** Sends what is to be saved, and gives up waiting for the answer after a while. */
export const save = (path, body) => post(path, body, { signal: AbortSignal.timeout(SAVE_TIMEOUT) });

/** Gives a body a random number, by which the program knows what it has done already when it is sent again. */
export function numbered(body) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return { ...body, request: Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") };
}

/** Gets a file and lets the browser save it under the name that the program gives. */
export async function download(path) {
  const file = await fetched(path);
  const name = /filename="([^"]+)"/.exec(file.headers.get("Content-Disposition") ?? "")?.[1] ?? "export";
  const bytes = await file.blob().catch(() => { throw new Refusal(0, BROKEN_OFF, CHANGED); });
  const address = URL.createObjectURL(bytes);
  const link = document.createElement("a");
  Object.assign(link, { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Sends a file as it is. */
export function upload(path, file) {
  return ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream", "X-Standpoint": "1", "X-File-Name": encodeURIComponent(file.name) },
    body: file,
  });
}

/** Repeats a question until its answer says that all is done, or the page is left. */
export function poll(askOnce, isDone, milliseconds) {
  let stopped = false;
  const again = async () => {
    if (stopped) return;
    const done = await askOnce().then(isDone, () => false);
    if (!done && !stopped) setTimeout(again, milliseconds);
  };
  setTimeout(again, milliseconds);
  return () => { stopped = true; };
}
