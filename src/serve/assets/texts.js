// Lists the texts of the archive a page at a time: search, filter, sort.

import { get } from "./api.js";
import { sign } from "./charts.js";
import { byId, complain, debounced, fill, h, settle } from "./dom.js";
import { aboutOf, chance, count, counted, inReading, isNumber, plain, reasonInWords, short, signed, titleOf } from "./format.js";

const PAGE = 50;
const REASONS = ["off-topic", "low-confidence", "too-short", "other-language", "nothing-known", "nothing-extracted"];

/** Begins the list. */
export function startTexts(app) {
  const form = byId("filters");
  const rows = byId("rows");
  const state = { offset: 0, asked: null, shown: null, isBegun: false, model: null };

  const reload = async () => {
    state.asked?.abort();
    const asked = new AbortController();
    state.asked = asked;
    const { label, ...query } = Object.fromEntries(new FormData(form));
    const [kind, name] = label.startsWith("reason:") ? ["reason", label.slice(7)] : ["label", label.slice(6)];
    try {
      const found = await get("/api/texts", { ...query, [kind]: name, offset: state.offset, limit: PAGE }, { signal: asked.signal });
      settle("texts");
      draw(found);
    } catch (error) {
      if (error.name !== "AbortError") complain("texts", error, reload);
    }
  };
  /** Shows the first texts before the others are read. */
  const begin = async () => {
    const found = await get("/api/texts/first").catch(() => []);
    if (found.length === 0 || app.session.archive.state !== "reading") return;
    state.isBegun = true;
    fill(rows, found.map((row) => item(row, app.session.model?.labels ?? [])));
    markOpen();
  };
  const anew = debounced(() => { state.offset = 0; if (app.session.archive.state === "read") reload(); }, 150);
  const turn = (by) => { state.offset = Math.max(0, state.offset + by); reload().then(() => byId("archive-state").scrollIntoView({ block: "nearest" })); };

  function draw({ total, matched, rows: found }) {
    const { archive, model } = app.session;
    const labels = model?.labels ?? [];
    const known = archive?.scoring ? ` ${count(archive.scored)} scored so far.` : "";
    byId("archive-state").textContent = total === matched ? `${counted(total, "text")}.${known}` : `${count(matched)} of ${counted(total, "text")}.${known}`;
    if (found.length === 0) fill(rows, h("li", { class: "empty" }, emptiness(total)));
    else fill(rows, found.map((row) => item(row, labels)));
    const last = Math.min(state.offset + PAGE, matched);
    byId("paging").hidden = matched <= PAGE;
    byId("place").textContent = `${count(state.offset + 1)}–${count(last)} of ${count(matched)}`;
    byId("previous").disabled = state.offset === 0;
    byId("next").disabled = last >= matched;
    markOpen();
  }

  /** Where no text has a slant, there is none to sort by: the model has no axis, or judges none of the texts. */
  const offerSlant = async () => {
    const slant = form.elements.sort.querySelector("[value=slant]");
    const { rows: [lowest] } = await get("/api/texts", { sort: "slant", limit: 1 });
    slant.disabled = lowest !== undefined && !isNumber(lowest.slant);
    slant.textContent = slant.disabled ? "slant: no text has one" : "slant, lowest first";
    if (!slant.disabled || !slant.selected) return;
    form.elements.sort.value = "position";
    anew();
  };

  form.addEventListener("input", anew);
  form.addEventListener("submit", (event) => { event.preventDefault(); anew(); });
  byId("previous").addEventListener("click", () => turn(-PAGE));
  byId("next").addEventListener("click", () => turn(PAGE));
  window.addEventListener("hashchange", markOpen);

  const changed = (session) => {
    progress(session.archive);
    if (session.archive?.state === "read" && !session.archive.scoring && state.model !== session.model?.number) {
      state.model = session.model?.number;
      offerSlant().catch((error) => complain("texts", error));
    }
    if (session.archive?.state === "reading" && session.archive.texts >= PAGE && !state.isBegun) begin();
    const scored = session.archive?.scored;
    if (session.archive?.state !== "read" || state.shown === scored) return;
    // While texts are being scored, the list is not changed under a reader who is in it.
    const isRead = rows.contains(document.activeElement) || rows.matches(":hover");
    if (session.archive?.scoring && (isRead || state.offset > 0)) return;
    if (state.shown !== null) reload();
    state.shown = scored;
  };
  labelChoice(form.elements.label, app.session.model?.labels ?? []);
  app.whenRead(() => {
    fill(byId("notes"), (app.session.notes ?? []).map((note) => h("p", { class: "caveat" }, plain(note))));
    reload();
  });
  app.listeners.push(changed);
  changed(app.session);
}

function labelChoice(select, labels) {
  const option = (value, name) => h("option", { value }, name);
  select.append(...labels.map(({ name }) => option(`label:${name}`, plain(name))),
    h("optgroup", { label: "no label" }, REASONS.map((reason) => h("option", { value: `reason:${reason}`, title: reasonInWords(reason) }, reason))));
}

function progress(archive) {
  const bar = byId("scoring");
  bar.hidden = !archive?.scoring;
  if (archive?.state === "read") Object.assign(bar, { max: Math.max(archive.texts, 1), value: archive.scored });
  else byId("archive-state").textContent = archive?.state === "reading" ? `${inReading(archive)}. You can paste a text meanwhile.` : "The texts cannot be read.";
}

function item(row, labels) {
  const series = labels.findIndex((label) => label.name === row.label);
  const verdict = row.label
    ? [sign(series), ` ${plain(row.label)} ${chance(row.confidence)}`]
    : row.top || row.reason ? [sign(-1), ` no label${row.reason ? `: ${plain(row.reason)}` : ""}`] : [h("span", { class: "soft" }, "not scored yet")];
  return h("li", {}, h("a", { href: `#text=${row.number}`, "data-number": row.number },
    h("span", { class: "title", dir: "auto" }, short(titleOf(row), 140)),
    h("span", { class: "line" }, h("span", { title: row.label ? null : reasonInWords(row.reason) || null }, verdict), isNumber(row.slant) && h("span", {}, `slant ${signed(row.slant)}`)),
    h("span", { class: "soft line", dir: "auto" }, aboutOf(row)),
    h("span", { class: "soft excerpt", dir: "auto" }, short(row.excerpt, 160))));
}

function emptiness(total) {
  if (total > 0) return "No text matches. Take out a word of the search, or choose “any” label.";
  return h("span", {}, "No archive is open. Start ", h("code", {}, "standpoint serve FOLDER"), " with a folder of articles, or a table such as CSV; or paste a text here.");
}

/** Marks the row of the text that is open. */
function markOpen() {
  const open = /^#text=(\d+)$/.exec(location.hash)?.[1];
  for (const link of byId("rows").querySelectorAll("a")) {
    if (link.dataset.number === open) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
