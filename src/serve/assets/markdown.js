// Shows the guideline: headings, lists, quotations, paragraphs, emphasis and code of Markdown. Anything else stays as it was written.

import { h } from "./dom.js";
import { plain } from "./format.js";

/** The elements of a guideline. Headings begin below the page's own; comments are left out. */
export function markdown(source) {
  return blocks(plain(source).replace(/<!--[^]*?-->\n?/g, "").split(/\r?\n/));
}

function blocks(rows) {
  const nodes = [];
  let list = null;
  let words = [];
  let quoted = null; // the rows of a quotation, and the item that it belongs to
  const endParagraph = () => {
    if (words.length) nodes.push(h("p", { dir: "auto" }, inline(words.join(" "))));
    words = [];
  };
  const endQuotation = () => {
    if (quoted) {
      const quotation = h("blockquote", { dir: "auto" }, blocks(quoted.rows));
      if (quoted.item) quoted.item.append(quotation);
      else nodes.push(quotation);
    }
    quoted = null;
  };
  for (const row of rows) {
    const isInside = list !== null && /^\s/.test(row);
    const quotation = /^\s*>\s?(.*)$/.exec(row);
    if (quotation) {
      endParagraph();
      if (!isInside) list = null;
      quoted ??= { rows: [], item: list?.lastChild ?? null };
      quoted.rows.push(quotation[1]);
      continue;
    }
    endQuotation();
    const heading = /^(#{1,6})\s+(.*)$/.exec(row);
    const item = /^\s*(?:([-*+])|(\d+)[.)])\s+(.*)$/.exec(row);
    if (heading) {
      endParagraph();
      list = null;
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
    } else if (isInside) {
      list.lastChild.append(" ", ...inline(row.trim()));
    } else {
      list = null;
      words.push(row.trim());
    }
  }
  endQuotation();
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
