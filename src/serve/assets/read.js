// The screen for reading: a text of the archive, a pasted one, or a file, with its verdict.

import { get, post, upload } from "./api.js";
import { byId, button, complain, fill, h, say, settle } from "./dom.js";
import { chance, counted, plain, titleOf } from "./format.js";
import { startGroups } from "./groups.js";
import { startTexts } from "./texts.js";
import { verdictOf } from "./verdict.js";

/** The program takes no larger file from the page. */
const MAX_FILE = 64 * 1024 * 1024;
let app = null;
let turn = 0;
/** The number of the text that is open, of those of the archive. */
let opened;

/** Begins the screen. */
export function start(of) {
  app = of;
  startTexts(app);
  app.whenRead(() => startGroups(app));
  byId("paste").addEventListener("submit", (event) => { event.preventDefault(); readPasted(event.target); });
  byId("file").addEventListener("change", (event) => { readFirst([...event.target.files]); });
  document.addEventListener("dragover", (event) => { if (hasFile(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    readFirst([...event.dataTransfer.files]);
  });
  window.addEventListener("hashchange", openFromAddress);
  app.whenRead(() => { if (opened !== numberInAddress()) openFromAddress(); });
}

const hasFile = (event) => [...(event.dataTransfer?.items ?? [])].some((item) => item.kind === "file");

const numberInAddress = () => /^#text=(\d+)$/.exec(location.hash)?.[1];

function openFromAddress() {
  const number = numberInAddress();
  if (number === undefined) close();
  else {
    show(async () => {
      const document = await get(`/api/texts/${number}`);
      opened = number;
      return { documents: [document], more: 0, notes: [] };
    }, true);
  }
}

function readPasted(form) {
  const { text, title } = Object.fromEntries(new FormData(form));
  if (text.trim() === "") {
    form.elements.text.focus();
    return;
  }
  show(() => post("/api/read", title ? { text, title } : { text }));
}

/** Reads the first of several files, and says that the others are not read. */
function readFirst([file, ...others]) {
  if (!file) return;
  const note = `Only the first file, ${plain(file.name)}, was read. Drop one file at a time, or start standpoint serve with their folder.`;
  readFile(file, others.length > 0 ? [note] : []);
}

function readFile(file, notes = []) {
  byId("file").value = "";
  if (file.size > MAX_FILE) {
    const hint = "The page reads files of up to 64 MB. Start standpoint serve with the file as its input.";
    complain("read", { message: `${plain(file.name)} is too large: ${counted(Math.ceil(file.size / 1024 / 1024), "megabyte")}.`, hint });
    return;
  }
  show(async () => {
    const found = await upload("/api/read-file", file);
    return { ...found, notes: [...notes, ...(found.notes ?? [])] };
  });
}

/** Shows what a question answers; a later question wins over an earlier one. */
async function show(ask, isFromList = false) {
  turn += 1;
  const own = turn;
  const place = byId("documents");
  place.setAttribute("aria-busy", "true");
  try {
    const found = await ask();
    if (own !== turn) return;
    settle("read");
    if (!isFromList) {
      opened = undefined;
      if (location.hash) history.pushState(null, "", location.pathname);
    }
    draw(place, found);
  } catch (error) {
    if (own === turn) complain("read", error);
  } finally {
    if (own === turn) place.removeAttribute("aria-busy");
  }
}

function draw(place, { documents, more, notes }) {
  const labels = app.session.model?.labels ?? [];
  const another = h("p", { class: "actions" }, button("Read another text", () => {
    history.pushState(null, "", location.pathname);
    close();
    byId("paste").elements.text.focus();
  }));
  byId("paste").hidden = true;
  fill(place, another,
    (notes ?? []).map((note) => h("p", { class: "caveat" }, plain(note))),
    documents.length === 0 ? h("p", { class: "caveat" }, "No text was found. Formats that can be read: text, Markdown, HTML, mail, feeds and tables.") : null,
    documents.map((document) => verdictOf(document, labels)),
    more > 0 ? h("p", { class: "caveat" }, `${counted(more, "more text")} in the file. Open the file with `, h("code", {}, "standpoint serve FILE"), " to read them all.") : null);
  const [first] = documents;
  if (!first) return;
  place.querySelector("h2").focus({ preventScroll: true });
  byId("pane").scrollTop = 0;
  if (matchMedia("(max-width: 60rem)").matches) byId("pane").scrollIntoView();
  const { label, confidence, reason } = first.verdict ?? {};
  say(`${titleOf(first)}: ${label ? `${label}, ${chance(confidence)}` : `no label${reason ? `, ${reason}` : ""}`}.`);
}

function close() {
  turn += 1;
  opened = undefined;
  fill(byId("documents"));
  byId("paste").hidden = false;
}
