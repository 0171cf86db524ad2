// The screen for reading: a text of the archive, a pasted one, or a file, with its verdict.

import { get, post, upload } from "./api.js";
import { byId, button, complain, fill, h, say, settle } from "./dom.js";
import { counted, percent, plain, titleOf } from "./format.js";
import { startGroups } from "./groups.js";
import { startTexts } from "./texts.js";
import { verdictOf } from "./verdict.js";

let app = null;
let turn = 0;

/** Begins the screen. */
export function start(of) {
  app = of;
  startTexts(app);
  startGroups(app);
  byId("paste").addEventListener("submit", (event) => { event.preventDefault(); readPasted(event.target); });
  byId("file").addEventListener("change", (event) => { if (event.target.files[0]) readFile(event.target.files[0]); });
  document.addEventListener("dragover", (event) => { if (hasFile(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    readFile(event.dataTransfer.files[0]);
  });
  window.addEventListener("hashchange", openFromAddress);
  openFromAddress();
}

const hasFile = (event) => [...(event.dataTransfer?.items ?? [])].some((item) => item.kind === "file");

function openFromAddress() {
  const number = /^#text=(\d+)$/.exec(location.hash)?.[1];
  if (number === undefined) close();
  else show(() => get(`/api/texts/${number}`).then((document) => ({ documents: [document], more: 0, notes: [] })), true);
}

function readPasted(form) {
  const { text, title } = Object.fromEntries(new FormData(form));
  if (text.trim() === "") {
    form.elements.text.focus();
    return;
  }
  show(() => post("/api/read", title ? { text, title } : { text }));
}

function readFile(file) {
  show(() => upload("/api/read-file", file));
  byId("file").value = "";
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
    if (!isFromList && location.hash) history.pushState(null, "", location.pathname);
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
    documents.length === 0 ? h("p", { class: "caveat" }, "There is no text in it. Formats that can be read: text, Markdown, HTML, mail, feeds and tables.") : null,
    documents.map((document) => verdictOf(document, labels)),
    more > 0 ? h("p", { class: "caveat" }, `${counted(more, "more text")} in the file. Open the file with `, h("code", {}, "standpoint serve FILE"), " to read them all.") : null);
  const [first] = documents;
  if (!first) return;
  place.querySelector("h2").focus({ preventScroll: true });
  byId("pane").scrollTop = 0;
  if (matchMedia("(max-width: 60rem)").matches) byId("pane").scrollIntoView();
  const { label, confidence, reason } = first.verdict ?? {};
  say(`${titleOf(first)}: ${label ? `${label}, ${percent(confidence)}` : `no label${reason ? `, ${reason}` : ""}`}.`);
}

function close() {
  turn += 1;
  fill(byId("documents"));
  byId("paste").hidden = false;
}
