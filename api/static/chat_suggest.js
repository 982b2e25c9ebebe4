// Type-ahead: while a name is typed in the question box, entries with such a name are offered.

import { send } from "./chat_api.js";
import { announce, counted } from "./chat_status.js";

const WAIT_MS = 90;
const FEWEST_CHARS = 2;
const MOST_CHARS = 100;
const OFFERED = 6;
// What stands before a name in a question; the name is what follows the last of these words.
const BEFORE_NAME = /^.*\b(?:what|whats|who|which|how|why|when|does|do|did|is|are|was|the|an?|of|and|or|vs|versus|between|compare|explain|define|describe|about|with|for|in|to|than|from|difference|work|works|mean|means)\b\s+/is;

export class Suggest {
  constructor(box, list) {
    this.box = box;
    this.list = list;
    this.active = -1;
    this.asked = 0;
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    box.addEventListener("input", () => this.#soon());
    box.addEventListener("keydown", (event) => this.#key(event), true); // before Enter asks
    box.addEventListener("blur", () => this.close());
    list.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the box keeps the focus
      const option = event.target.closest("[role=option]");
      if (option) this.#take(option);
    });
  }

  close() {
    clearTimeout(this.timer);
    this.asked += 1;
    this.active = -1;
    this.list.hidden = true;
    this.list.replaceChildren();
    this.box.removeAttribute("aria-activedescendant");
  }

  #soon() {
    clearTimeout(this.timer);
    const name = this.#name();
    if (name.length < FEWEST_CHARS || name.length > MOST_CHARS) this.close();
    else this.timer = setTimeout(() => this.#ask(name), WAIT_MS);
  }

  /** The name that is being typed: the end of the text, without the words before it. */
  #name() {
    const { value, selectionEnd } = this.box;
    if (selectionEnd !== value.length || /[?!.]\s*$/.test(value)) return "";
    return value.replace(BEFORE_NAME, "").trimStart();
  }

  async #ask(name) {
    const asked = ++this.asked;
    try {
      const query = new URLSearchParams({ prefix: name, limit: OFFERED });
      const found = await (await send(`/suggest?${query}`)).json();
      if (asked === this.asked && document.activeElement === this.box) this.#show(found.suggestions, name);
    } catch {
      this.close(); // a question can be asked without suggestions
    }
  }

  #show(suggestions, name) {
    if (!suggestions.length) return this.close();
    this.name = name;
    this.active = -1;
    this.list.replaceChildren(...suggestions.map(optionOf));
    this.list.hidden = false;
    this.box.removeAttribute("aria-activedescendant");
    return announce(`${counted(suggestions.length, "term")} to choose from with the arrow keys.`);
  }

  #key(event) {
    if (this.list.hidden || event.isComposing) return;
    const options = this.list.children;
    if (event.key === "ArrowDown") this.#move(this.active + 1 < options.length ? this.active + 1 : 0);
    else if (event.key === "ArrowUp") this.#move(this.active > 0 ? this.active - 1 : options.length - 1);
    else if (event.key === "Enter" && !event.shiftKey && this.active >= 0) this.#take(options[this.active]);
    else if (event.key === "Escape") this.close();
    else {
      if (event.key === "Enter" || event.key === "Tab") this.close();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #move(to) {
    this.active = to;
    [...this.list.children].forEach((option, place) => {
      option.setAttribute("aria-selected", String(place === to));
    });
    this.box.setAttribute("aria-activedescendant", this.list.children[to].id);
    this.list.children[to].scrollIntoView({ block: "nearest" });
  }

  #take(option) {
    const before = this.box.value.slice(0, this.box.value.length - this.name.length);
    this.box.value = before + option.dataset.term;
    this.close();
    this.box.focus();
  }
}

function optionOf({ term, alias, category }, place) {
  const option = document.createElement("li");
  option.id = `suggestion-${place}`;
  option.dataset.term = term;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  option.append(span("option-term", term));
  if (alias) option.append(span("option-alias", alias));
  if (category) option.append(span("option-category", category));
  return option;
}

function span(name, text) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}
