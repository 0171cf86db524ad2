// Shows the guideline: headings, lists, paragraphs, emphasis and code of Markdown. Anything else stays as it was written.

import { h } from "./dom.js";
import { plain } from "./format.js";

/** The elements of a guideline. Headings begin below the page's own. */
export function markdown(source) {
  const nodes = [];
  let list = null;
  let words = [];
  const endParagraph = () => {
    if (words.length) nodes.push(h("p", { dir: "auto" }, inline(words.join(" "))));
    words = [];
  };
  const endList = () => { list = null; };
  for (const row of plain(source).split(/\r?\n/)) {
    const heading = /^(#{1,6})\s+(.*)$/.exec(row);
    const item = /^\s*(?:([-*+])|(\d+)[.)])\s+(.*)$/.exec(row);
    if (heading) {
      endParagraph();
      endList();
      nodes.push(h(heading[1].length === 1 ? "h3" : "h4", { dir: "auto" }, inline(heading[2])));
    } else if (item) {
      endParagraph();
      const name = item[1] ? "ul" : "ol";
      if (list?.localName !== name) {
        list = h(name, item[2] && item[2] !== "1" ? { start: item[2] } : {});
        nodes.push(list);
      }
      list.append(h("li", { dir: "auto" }, inline(item[3])));
    } else if (row.trim() === "") {
      endParagraph();
      endList();
    } else if (list && /^\s/.test(row)) {
      list.lastChild.append(" ", ...inline(row.trim()));
    } else {
      endList();
      words.push(row.trim());
    }
  }
  endParagraph();
  return nodes;
}

function inline(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(/\*\*([^*]+)\*\*|`([^`]+)`|\*([^*\s][^*]*)\*/g)) {
    if (found.index > at) nodes.push(text.slice(at, found.index));
    if (found[1]) nodes.push(h("strong", {}, found[1]));
    else if (found[2]) nodes.push(h("code", {}, found[2]));
    else nodes.push(h("em", {}, found[3]));
    at = found.index + found[0].length;
  }
  if (at < text.length) nodes.push(text.slice(at));
  return nodes;
}
