// Lists the keys, and lets readers change them or turn them off.

import { post } from "./api.js";
import { button, complain, fill, h, say, settle } from "./dom.js";
import { areOn, bind, bound, keyOf, nameOf, savedName } from "./keys.js";

let session = null;
let waiting = null;

const title = h("h2", { id: "help-title" }, "Keys");
const lead = h("p", {}, "Each key does one thing. Keys do nothing while you type in a field.");
const list = h("ul", { class: "key-list" });
const note = h("p", { role: "status", class: "soft" });
const toggle = h("input", { type: "checkbox", on: { change: () => save({ keys_on: toggle.checked }) } });
const dialog = h("dialog", { "aria-labelledby": "help-title", class: "help" },
  title, lead, list, note,
  h("label", { class: "check" }, toggle, " Keys are on"),
  h("p", { class: "actions" },
    button("Close", () => dialog.close(), { class: "main" }),
    button("Reset all keys", () => save({ keys: {} }))));

dialog.addEventListener("keydown", (event) => {
  if (waiting === null) return;
  if (event.key === "Escape") {
    event.preventDefault();
    stopWaiting("Nothing was changed.");
    return;
  }
  if (event.key === "Tab") {
    stopWaiting("Nothing was changed.");
    return;
  }
  const key = keyOf(event);
  if (key === null) return;
  event.preventDefault();
  take(waiting, key);
});
dialog.addEventListener("close", () => { waiting = null; });
dialog.addEventListener("cancel", (event) => { if (waiting !== null) event.preventDefault(); });

function take(action, key) {
  const other = bound().find(([name, own]) => own === key && name !== action);
  if (other) {
    note.textContent = `${key} is already used for “${nameOf(other[0])}”. Press another key, or Escape to cancel.`;
    return;
  }
  waiting = null;
  save({ keys: { ...session.keys, [savedName(action)]: key } }, `${nameOf(action)} now has the key ${key}.`, action);
}

function stopWaiting(text) {
  const action = waiting;
  waiting = null;
  draw(text, action);
}

async function save(change, text = "Saved.", focus = null) {
  try {
    Object.assign(session, await post("/api/session", change));
    settle("keys");
    bind(session);
    draw(text, focus);
    say(text);
  } catch (error) {
    draw(`${error.message} ${error.hint ?? ""}`, focus);
    complain("keys", error);
  }
}

function draw(text = "", focus = null) {
  toggle.checked = areOn();
  note.textContent = text;
  fill(list, bound().map(([action, key]) => row(action, key)));
  if (focus !== null) list.querySelector(`[data-change="${CSS.escape(focus)}"]`)?.focus();
}

function row(action, key) {
  const name = nameOf(action);
  const change = button("Change", () => {
    waiting = action;
    note.textContent = `Press a new key for “${name}”, or Escape to cancel.`;
  }, { class: "quiet", "data-change": action, "aria-label": `Change the key of ${name}` });
  return h("li", {}, h("kbd", {}, key), h("span", { dir: "auto" }, name), change);
}

/** Lets the list be opened with what the session has. */
export function openHelp(of) {
  session = of;
  if (!dialog.isConnected) document.body.append(dialog);
  if (dialog.open) return;
  draw();
  dialog.showModal();
  dialog.querySelector("button.main").focus();
}
