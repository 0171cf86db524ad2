// Draws shares of labels by source or date, and the mean slant, as the archive is scored.

import { get } from "./api.js";
import { ranges } from "./charts.js";
import { byId, complain, fill, h, settle } from "./dom.js";
import { NO_NAME, count, counted, isNumber, plain } from "./format.js";

/** Groups of fewer texts are drawn gray. */
const FEW = 10;
/** While texts are scored, charts are drawn anew after so many milliseconds. */
const PAUSE = 3000;

/** Begins the charts, which come anew while texts are scored. */
export function startGroups(app) {
  const by = () => byId("groups-by").querySelector("input:checked").value;
  const reload = async () => {
    try {
      const found = await get("/api/groups", { by: by() });
      settle("groups");
      if (found.by === "source") {
        fill(byId("sources"), found.groups.map(({ name }) => h("option", { value: name ?? "" })));
      }
      draw(found, app.session);
    } catch (error) {
      complain("groups", error, reload);
    }
  };
  byId("groups-by").addEventListener("change", reload);
  let scored = null;
  let since = performance.now();
  app.listeners.push(({ archive }) => {
    if (scored === archive?.scored || (archive.scoring && performance.now() - since < PAUSE)) return;
    scored = archive?.scored;
    since = performance.now();
    reload();
  });
  scored = app.session.archive?.scored;
  reload();
}

function draw({ by, column, period, labels, groups, others }, { archive, model }) {
  byId("groups").hidden = !(archive?.texts > 0);
  const names = (model?.labels ?? []).map((label) => label.name);
  const note = groups.length === 0
    ? "No text has a source or a date by which it could be grouped. Columns named source, outlet or date are taken from tables."
    : (by === "date" ? `By ${period}. ` : column && column !== "source" ? `Sources are the column “${column}”. ` : "")
      + `Lines are 95 % intervals for chance in which texts there are; they do not include the model’s own errors. Groups of fewer than ${FEW} texts are gray.`
      + (others > 0 ? ` ${counted(others, "smaller group")} not shown.` : "")
      + (archive.scoring ? ` ${count(archive.scored)} of ${count(archive.texts)} texts are scored so far.` : "");
  byId("groups-note").textContent = note;
  if (groups.length === 0) {
    fill(byId("groups-charts"));
    return;
  }
  const named = (group) => group.name ? plain(group.name) : NO_NAME;
  const charts = labels.map((label) => ranges({
    title: `Labeled ${plain(label)}`,
    rows: groups.map((group) => {
      const share = group.shares.find((of) => of.label === label);
      return { name: named(group), value: share?.share, low: share?.low, high: share?.high, series: names.indexOf(label), muted: group.texts < FEW };
    }),
  }));
  if (groups.some((group) => isNumber(group.slant?.value))) {
    charts.push(ranges({
      title: "Mean slant",
      kind: "slant",
      caption: "Of the texts with a label; – where no text of the group has one.",
      rows: groups.map((group) => ({ ...group.slant, name: named(group), series: 0, muted: group.texts < FEW })),
    }));
  }
  charts.push(ranges({
    title: "No label",
    rows: groups.map((group) => ({ name: named(group), value: group.abstained, series: 0, muted: true })),
  }));
  fill(byId("groups-charts"), charts);
}
