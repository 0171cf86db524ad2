// Shows the model: retraining and its progress, figures with intervals, the learning curve, earlier models.

import { get, poll, post } from "./api.js";
import { curve, ranges } from "./charts.js";
import { byId, button, complain, fill, h, say, settle } from "./dom.js";
import { count, counted, figure, isNumber, moment, plain } from "./format.js";

const KINDS = [
  ["unseen", "unseen sources"],
  ["random", "random passages"],
  ["baseline", "without your labels"],
];
/** What the words of the figures mean. */
const WORDS = "Macro-F1 says how many passages of each label are found, and how many of those so labeled are right; 1 is perfect, and each label counts alike. "
  + "“Unseen sources”: each passage is judged by models that saw no text of its source. “Random passages”: by models that saw other passages of it. "
  + "The queue “most useful” gives difficult passages, so on passages at random the figures would be higher.";

const BUSY = "Training is already running.";
const ofYours = (labels) => `${count(labels ?? 0)} of your labels`;

/** Begins the panel. `changed` is called when another model is in use. */
export function startTraining(app, changed) {
  const place = byId("training");
  let last = app.session.training ?? null;
  let stop = null;

  const from = h("select", { id: "from" },
    h("option", { value: "corpus" }, "my labels and the built-in texts"), h("option", { value: "own" }, "my labels alone"));
  const choose = ({ labels_from: labelsFrom }) => {
    const areOwn = (labelsFrom ?? "model") !== "model";
    from.querySelector("[value=corpus]").disabled = areOwn;
    if (areOwn) from.value = "own";
  };
  choose(app.session);
  app.listeners.push(choose);
  const every = h("input", { type: "number", min: 0, max: 10000, step: 1, id: "every", on: { change: setEvery } });
  const retrain = h("button", { type: "submit" }, "Retrain now");
  const shortage = h("p", { class: "soft" });
  const controls = h("form", { class: "train", on: { submit: begin } },
    h("label", {}, "Train on ", from), h("p", { class: "actions" }, retrain), shortage,
    h("label", {}, "Retrain automatically after every ", every, " labels (0: never)"));
  const stage = h("p", {});
  const bar = h("progress", { "aria-label": "Training" });
  const stopButton = button("Stop", () => act("/api/train/stop"));
  const running = h("div", { class: "running" }, stage, bar, h("p", { class: "actions" }, stopButton));
  const failure = h("p", { class: "warning" });
  const models = h("div", {});
  let drawnModels = null;

  // What was built once is changed in place: someone may be typing in it.
  function draw(training) {
    last = training;
    if (document.activeElement !== every) every.value = training.every ?? 0;
    drawState(training);
    const { least, labels } = training;
    shortage.hidden = !(isNumber(least) && labels < least);
    shortage.textContent = shortage.hidden ? "" : `Training needs at least ${counted(least, "label")}; you have ${count(labels)}.`;
    const wanted = JSON.stringify([training.history ?? [], training.labels, training.fresh, training.held_back]);
    if (wanted !== drawnModels) fill(models, history(training));
    drawnModels = wanted;
  }

  function drawState({ state, stage: name, done, total, error }) {
    const isRunning = state === "running";
    // It stays a button that can have the focus: pressed again, it says that a training is running.
    retrain.setAttribute("aria-disabled", String(isRunning));
    if (!isRunning && document.activeElement === stopButton) retrain.focus();
    running.hidden = !isRunning;
    failure.hidden = state !== "failed";
    stage.textContent = isRunning ? `Training: ${plain(name || "starting")}` : "";
    failure.textContent = failure.hidden ? "" : `The last training failed: ${plain(error)}`;
    if (isRunning && isNumber(total) && total > 0) Object.assign(bar, { max: total, value: done });
    else bar.removeAttribute("value");
  }

  function begin(event) {
    event.preventDefault();
    if (last?.state === "running") say(BUSY);
    else act("/api/train", { from: from.value });
  }

  function history({ history: all }) {
    const current = all?.find((model) => model.current) ?? null;
    if (current === null || (current.from === "start" && all.length === 1)) return h("p", { class: "soft" }, "The model has not seen your labels yet. After a training, this shows how well it does on texts of sources that it never saw, and whether more labels would help.");
    return [current.from === "start" ? h("p", {}, "The model without your labels is in use.") : figures(current), h("p", { class: "soft" }, waiting()), all.length > 1 ? list(all) : null];
  }

  /** Which labels the model in use has not learned. */
  function waiting() {
    const { fresh, held_back: heldBack } = last;
    const parts = [`${counted(fresh ?? 0, "label")} new since its training.`];
    if (heldBack > 0) parts.push(`${counted(heldBack, "label")} of the blind sample ${heldBack === 1 ? "is" : "are"} kept for checking: no model learns from ${heldBack === 1 ? "it" : "them"}.`);
    return parts.join(" ");
  }

  function list(all) {
    const use = (model) => model.current ? "in use" : button("Use", () => act(`/api/models/${model.number}/use`), { class: "quiet", "aria-label": `Use model ${model.number}` });
    return h("details", {}, h("summary", {}, `${counted(all.length, "model")}`),
      h("p", { class: "soft" }, "Their figures are of different passages, so they are not listed side by side: the Check screen compares the model in use with the one before it. Where the difference may be chance, either will do."),
      h("ol", { class: "models" }, [...all].reverse().map((model) =>
        h("li", { value: model.number }, model.from === "start" ? "without your labels" : `${ofYours(model.labels)}, ${moment(model.when)}`, " ", use(model)))));
  }

  async function setEvery() {
    try {
      const session = await post("/api/session", { every: Math.max(0, Math.round(Number(every.value) || 0)) });
      settle("training");
      say(`Saved: retraining ${session.every > 0 ? `automatically after every ${counted(session.every, "label")}` : "automatically is off"}.`);
    } catch (error) {
      complain("training", error);
    }
  }

  async function act(path, body = {}) {
    try {
      await post(path, body);
      settle("training");
    } catch (error) {
      if (error.status !== 409) complain("training", error);
      else say(BUSY);
    }
    await look();
  }

  /** Asks how it stands, and goes on asking while something runs. */
  async function look() {
    const before = last;
    const training = await get("/api/training");
    const current = training.history?.find((model) => model.current)?.number ?? null;
    const used = before?.history?.find((model) => model.current)?.number ?? null;
    draw(training);
    if (current !== used) changed();
    if (before?.state === "running" && training.state === "idle" && current !== used) {
      const { unseen } = training.history.find((model) => model.current);
      say(`Trained.${isNumber(unseen?.macro_f1) ? ` Macro-F1 on unseen sources: ${figure(unseen.macro_f1, unseen.low, unseen.high)}.` : ""}`);
    }
    if (training.state === "running" && stop === null) {
      stop = poll(look, (isDone) => isDone, 700);
    } else if (training.state !== "running") {
      stop?.();
      stop = null;
    }
    return training.state !== "running";
  }

  fill(place, running, failure, controls, models);
  draw(last ?? { state: "idle" });
  const looking = () => look().then(() => settle("training"), (error) => complain("training", error, looking));
  looking();
  return { look: looking, every: () => last?.every ?? 0 };
}

function figures(model) {
  const rows = KINDS.filter(([kind]) => isNumber(model[kind]?.macro_f1)).map(([kind, name]) => ({
    name, value: model[kind].macro_f1, low: model[kind].low, high: model[kind].high, series: 0, muted: kind === "baseline",
  }));
  const trained = h("p", {}, `Model ${count(model.number)}: trained on ${ofYours(model.labels)}${isNumber(model.rows) ? `, ${counted(model.rows, "row")} in all` : ""}.`);
  const points = (model.curve ?? []).filter((point) => isNumber(point.macro_f1));
  return [
    trained,
    rows.length
      ? ranges({ title: "Macro-F1 on your labels", kind: "score", rows, caption: "Each passage is judged by models that have not seen it. 1 is perfect; lines are 95 % intervals." })
      : h("p", { class: "soft" }, "There are too few labels for figures yet. They come once each label has been given several times."),
    rows.length ? h("details", {}, h("summary", {}, "What the figures mean"), h("p", { class: "soft" }, WORDS)) : null,
    points.length > 1 ? curve({ title: "Macro-F1 by number of labels", points }) : null,
    model.compared ? h("p", {}, `Against the model before: ${plain(model.compared.sentence)}`) : null,
    (model.warnings ?? []).map((warning) => h("p", { class: "warning" }, plain(warning))),
    model.more ? h("p", { class: "caveat" }, h("strong", {}, "Would more labels help? "), plain(model.more)) : null,
  ];
}
