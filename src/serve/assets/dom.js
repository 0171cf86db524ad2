// Builds elements. Texts go in as text nodes only, never as markup.

const DRAWING = "http://www.w3.org/2000/svg";

/** The element of the page with this id. */
export const byId = (id) => document.getElementById(id);

/**
 * Makes an element: `h("button", { type: "button", class: "main", on: { click } }, "Read")`.
 * An attribute that is true is set without a value; one that is false, null or undefined is left out.
 */
export function h(name, attributes = {}, ...children) {
  return build(document.createElement(name), attributes, children);
}

/** Makes an element of a drawing. */
export function s(name, attributes = {}, ...children) {
  return build(document.createElementNS(DRAWING, name), attributes, children);
}

function build(element, { on = {}, ...attributes }, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  for (const [event, run] of Object.entries(on)) element.addEventListener(event, run);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Replaces what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A button that runs something. */
export function button(text, run, attributes = {}) {
  return h("button", { type: "button", on: { click: run }, ...attributes }, text);
}

/** A text that only readers with a screen reader get. */
export const heard = (text) => h("span", { class: "heard" }, text);

let turn = false;

/** Says a sentence to screen readers. The same sentence twice is said twice. */
export function say(text) {
  turn = !turn;
  byId("live").textContent = turn ? text : `${text}\u00a0`;
}

/**
 * Shows what went wrong and what to do, until it is dismissed or `settled` with the same subject.
 * `retry` adds a button that tries again; `instead` stands in place of the button that dismisses.
 */
export function complain(subject, error, retry = null, instead = button("Dismiss", () => settle(subject), { class: "quiet" })) {
  settle(subject);
  const again = retry && button("Try again", () => { alert.remove(); retry(); });
  const alert = h("div", { class: "alert", "data-subject": subject },
    h("p", {}, h("strong", { dir: "auto" }, error.message), error.hint ? [" ", h("span", { dir: "auto" }, error.hint)] : null),
    h("p", { class: "actions" }, again, instead));
  byId("alerts").append(alert);
}

/** Takes back the complaint about a subject. */
export function settle(subject) {
  for (const alert of [...byId("alerts").children]) {
    if (alert.dataset.subject === subject) alert.remove();
  }
}

/** A table with a caption. Rows hold strings or elements; the first cell of a row is its heading. */
export function table(caption, head, rows, attributes = {}) {
  const cells = (row) => row.map((cell, at) => at === 0 ? h("th", { scope: "row", dir: "auto" }, cell) : h("td", {}, cell));
  return h("div", { class: "wide", role: "region", tabindex: "0", "aria-label": caption, ...attributes },
    h("table", {},
      h("caption", {}, caption),
      h("thead", {}, h("tr", {}, head.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, cells(row))))));
}

/** Runs `act` once things have been quiet for a while. */
export function debounced(act, milliseconds = 200) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...args), milliseconds);
  };
}
