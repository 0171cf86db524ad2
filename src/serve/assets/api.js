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

const GONE = "Everything that was shown as saved is on disk. Start `standpoint serve` again and open the page anew from there.";
const LOCKED = "Open the address that `standpoint serve` prints in its terminal.";

const ask = async (path, options = {}) => (await answered(path, options)).json().catch(() => null);

async function answered(path, options) {
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal(0, "The program does not answer.", GONE);
  }
  if (answer.ok) return answer;
  const body = await answer.json().catch(() => null);
  const locked = answer.status === 401 || answer.status === 403;
  const message = body?.error ?? (locked ? "This page is locked." : `The program refused this (status ${answer.status}).`);
  throw new Refusal(answer.status, message, body?.hint ?? (locked ? LOCKED : null), body);
}

/** Gets something; `query` holds parameters, of which empty ones are left out. */
export function get(path, query = {}, options = {}) {
  const present = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const words = new URLSearchParams(present).toString();
  return ask(words ? `${path}?${words}` : path, options);
}

/** Sends an object. */
export function post(path, body = {}) {
  return ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Standpoint": "1" },
    body: JSON.stringify(body),
  });
}

/** Sends a file as it is. */
export function upload(path, file) {
  return ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream", "X-Standpoint": "1", "X-File-Name": encodeURIComponent(file.name) },
    body: file,
  });
}

/** Gets a file with the name that the program gives it. */
export async function download(path) {
  const answer = await answered(path, {});
  const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? "export";
  return { name, file: await answer.blob() };
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
