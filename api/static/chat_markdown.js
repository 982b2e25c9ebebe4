// Shows Markdown while it is being written, as DOM nodes; nothing of the text is parsed as HTML.
// It covers what answers consist of; the finished answer is rendered by the server.

const FENCE = /^\s*(`{3,}|~{3,})/;
const HEADING = /^(#{1,6})\s+(.*)$/;
const ITEM = /^(\s*)(?:[-*+]|\d{1,9}[.)])\s+(.*)$/;
const ORDERED = /^\s*\d/;
const RULE = /^\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const INLINE = /(`+)(.+?)\1|\*\*(.+?)\*\*|(?<![\w*])\*([^*\s][^*]*?)\*(?!\w)|\$([^$\s][^$]*?)\$(?!\d)|\[([1-9]\d{0,3})\]|\[([^\]]+)\]\([^)\s]+\)/;

/** A growing text in an element: what did not change keeps its nodes. */
export class GrowingMarkdown {
  constructor(element, markerOf) {
    this.element = element;
    this.markerOf = markerOf;
    this.text = "";
    this.shown = [];
  }

  add(text) {
    this.text += text;
    const blocks = blocksOf(this.text);
    blocks.forEach((lines, place) => {
      const source = lines.join("\n");
      if (this.shown[place] === source) return;
      const node = this.#block(lines);
      const old = this.element.children[place];
      if (old) old.replaceWith(node);
      else this.element.append(node);
      this.shown[place] = source;
    });
    while (this.element.children.length > blocks.length) this.element.lastElementChild.remove();
    this.shown.length = blocks.length;
  }

  clear() {
    this.text = "";
    this.shown = [];
    this.element.replaceChildren();
  }

  #block(lines) {
    const heading = HEADING.exec(lines[0]);
    if (FENCE.test(lines[0])) return code(lines);
    if (heading) return this.#element(`h${Math.min(6, heading[1].length + 2)}`, heading[2]);
    if (ITEM.test(lines[0])) return this.#list(lines);
    if (lines.length > 1 && lines[0].includes("|") && RULE.test(lines[1])) return this.#table(lines);
    if (lines[0].startsWith(">")) {
      return this.#element("blockquote", lines.map((line) => line.replace(/^>\s?/, "")).join("\n"));
    }
    return this.#element("p", lines.join("\n"));
  }

  #list(lines) {
    const outer = document.createElement(ORDERED.test(lines[0]) ? "ol" : "ul");
    const outerIndent = ITEM.exec(lines[0])[1].length;
    for (const line of lines) {
      const item = ITEM.exec(line);
      const last = outer.lastElementChild;
      if (!item) {
        this.#inline(last, ` ${line.trim()}`);
      } else if (last && item[1].length > outerIndent) {
        let inner = last.querySelector(":scope > ul, :scope > ol");
        if (!inner) last.append((inner = document.createElement(ORDERED.test(line) ? "ol" : "ul")));
        inner.append(this.#element("li", item[2]));
      } else {
        outer.append(this.#element("li", item[2]));
      }
    }
    return outer;
  }

  #table(lines) {
    const wide = document.createElement("div");
    wide.className = "wide";
    const table = document.createElement("table");
    table.createTHead().append(this.#row(lines[0], "th"));
    table.createTBody().append(...lines.slice(2).map((line) => this.#row(line, "td")));
    wide.append(table);
    return wide;
  }

  #row(line, name) {
    const row = document.createElement("tr");
    const cells = line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/);
    row.append(...cells.map((cell) => this.#element(name, cell.trim())));
    return row;
  }

  #element(name, text) {
    const element = document.createElement(name);
    this.#inline(element, text);
    return element;
  }

  #inline(parent, text) {
    for (let rest = text; rest; ) {
      const found = INLINE.exec(rest);
      if (!found) {
        parent.append(rest);
        return;
      }
      const before = rest.slice(0, found.index);
      parent.append(found[6] ? before.replace(/ $/, "\u00a0") : before, this.#span(found)); // [6]: a marker
      rest = rest.slice(found.index + found[0].length);
    }
  }

  #span([whole, , inCode, strong, emphasised, formula, number, label]) {
    if (number) return this.markerOf(number) ?? whole;
    if (inCode !== undefined) return plain("code", inCode);
    if (strong !== undefined) return this.#element("strong", strong);
    if (emphasised !== undefined) return this.#element("em", emphasised);
    if (formula !== undefined) return plain("code", formula);
    return label;
  }
}

function blocksOf(text) {
  const blocks = [];
  let open = null;
  let fence = "";
  for (const line of text.split("\n")) {
    const mark = FENCE.exec(line)?.[1];
    if (fence) {
      open.push(line);
      if (mark?.startsWith(fence)) [fence, open] = ["", null];
    } else if (mark) {
      blocks.push((open = [line]));
      fence = mark;
    } else if (!line.trim()) {
      open = null;
    } else if (!open || HEADING.test(line) || startsList(open, line)) {
      blocks.push((open = [line]));
      if (HEADING.test(line)) open = null;
    } else {
      open.push(line);
    }
  }
  return joinedLists(blocks);
}

function startsList(open, line) {
  return ITEM.test(line) && !ITEM.test(open[0]);
}

/** Blank lines between the items of a list do not end it. */
function joinedLists(blocks) {
  const joined = [];
  for (const block of blocks) {
    const last = joined.at(-1);
    const goesOn = last && ITEM.test(last[0]) && ITEM.test(block[0]) && ORDERED.test(last[0]) === ORDERED.test(block[0]);
    if (goesOn) joined[joined.length - 1] = [...last, ...block];
    else joined.push(block);
  }
  return joined;
}

function code(lines) {
  const closes = lines.length > 1 && FENCE.test(lines.at(-1));
  const pre = document.createElement("pre");
  pre.append(plain("code", lines.slice(1, closes ? -1 : undefined).join("\n")));
  return pre;
}

function plain(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}
