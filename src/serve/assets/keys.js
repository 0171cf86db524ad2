// Turns keys into actions: one key each, changeable, off if one likes, and never in the way of typing.

/** What the actions are called. */
const NAMES = {
  skip: "Skip", unsure: "Unsure", none: "Fits none", note: "Note", flag: "Flag", undo: "Undo", change: "Change",
  guideline: "Guideline", help: "Keys",
};

const LABEL = "label:";

const actions = new Map();
let bindings = new Map();
let isOn = true;

/** The action that gives a label. */
export const labelAction = (name) => LABEL + name;

/** The name that an action's key is saved under: that of the label, or the action's own after a colon. */
export const savedName = (action) => action.startsWith(LABEL) ? action.slice(LABEL.length) : `:${action}`;

/** What an action is called. */
export const nameOf = (action) => action.startsWith(LABEL) ? action.slice(LABEL.length) : NAMES[action] ?? action;

/** Takes the keys that the program dealt. */
export function bind({ model, actions: others, keys_on: keysOn }) {
  const named = [...(model?.labels ?? []).map(({ name, key }) => [labelAction(name), key]), ...(others ?? []).map(({ name, key }) => [name, key])];
  bindings = new Map(named.filter(([, key]) => key !== ""));
  isOn = keysOn !== false;
  showKeys();
}

/** The actions with their keys, labels first. */
export const bound = () => [...bindings];

/** Whether keys do anything. */
export const areOn = () => isOn;

/** Lets an action run by its key; `run` gets whether a key started it. */
export function on(action, run) {
  actions.set(action, run);
}

/** Forgets the actions of labels, which come anew with other labels. */
export function forgetLabels() {
  for (const action of actions.keys()) if (action.startsWith(LABEL)) actions.delete(action);
}

/** Writes each action's key on its buttons, or takes it away where keys are off. */
export function showKeys() {
  for (const element of document.querySelectorAll("[data-action]")) {
    const key = isOn ? bindings.get(element.dataset.action) : undefined;
    const sign = element.querySelector("kbd");
    if (sign) {
      sign.textContent = key ?? "";
      sign.hidden = key === undefined;
    }
    if (key === undefined) element.removeAttribute("aria-keyshortcuts");
    else element.setAttribute("aria-keyshortcuts", key);
  }
}

/**
 * The key of an event as the bindings have it, or null where it is not a plain key: with a modifier, held down,
 * part of a composition, or no letter, digit or sign. On a keyboard without Latin letters the place of the key counts.
 */
export function keyOf(event) {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229 || event.repeat) return null;
  if (event.ctrlKey || event.metaKey || event.altKey || event.getModifierState?.("AltGraph")) return null;
  const { key, code } = event;
  if ([...key].length !== 1 || key === " ") return null;
  const isLetter = key.toLowerCase() !== key.toUpperCase();
  if (isLetter && event.shiftKey) return null;
  const place = /^Key([A-Z])$/.exec(code ?? "");
  if (isLetter && !/[a-z]/i.test(key) && place) return place[1].toLowerCase();
  return key.toLowerCase();
}

/** The digit of a key in the row of digits, which has letters or signs on French and Czech keyboards; null for other keys. */
const digitOf = ({ code, shiftKey }) => shiftKey ? null : /^Digit([0-9])$/.exec(code ?? "")?.[1] ?? null;

/** The action of a key: by what it writes or, where that has no action, by its digit. */
function actionOf(event) {
  const written = keyOf(event);
  if (written === null) return null;
  const of = (key) => bound().find(([action, own]) => own === key && actions.has(action))?.[0] ?? null;
  return of(written) ?? of(digitOf(event));
}

function isTyping(target) {
  return target instanceof Element
    && (target.closest("input:not([type=checkbox], [type=radio], [type=button]), textarea, select, dialog, [contenteditable]") !== null);
}

/** Begins to listen. */
export function listen() {
  document.addEventListener("keydown", (event) => {
    if (!isOn || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const action = actionOf(event);
    if (action === null) return;
    event.preventDefault();
    actions.get(action)(true);
  });
}
