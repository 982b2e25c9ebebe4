// The noun PendingTurn: a question on the page while its answer is being written.

import { clone, part, root } from "./chat_api.js";
import { GrowingMarkdown } from "./chat_markdown.js";
import { announce, counted } from "./chat_status.js";

const LONG_CHARS = 280; // as in api/pages/turn_view.py
const LONG_LINES = 5;
const SLOW_SEARCH_MS = 2000;
const SLOW_WRITING_MS = 10_000;
const ENDED = ["ConversationMissing", "ConversationFull"]; // nothing more can be asked in these
const FETCH_WAITS_MS = [0, 500, 2000];

export class PendingTurn {
  constructor(question) {
    this.element = clone("pending-turn");
    this.element.dataset.question = question;
    this.#find(".asked").textContent = question;
    if (question.length > LONG_CHARS || question.split("\n").length > LONG_LINES) {
      this.#find(".asked").classList.add("long");
      this.#find('[data-action="whole"]').hidden = false;
    }
    this.answer = new GrowingMarkdown(this.#find(".answer"), (number) => this.#marker(number));
    this.progress("Searching the glossary…");
    this.#slowly(SLOW_SEARCH_MS, "Still searching…");
    announce("Searching the glossary.");
  }

  get hasText() {
    return this.answer.text !== "";
  }

  /** Show an event of the stream. */
  show({ name, data }) {
    this.#waited();
    if (name === "status") this.#stage(data);
    else if (name === "sources") this.#found(data);
    else if (name === "delta") this.#write(data.text);
    else if (name === "citation") this.#cite(data);
    else if (name === "again") this.#restart();
  }

  progress(message) {
    clearTimeout(this.slow);
    this.#find(".progress-text").textContent = message;
  }

  /** Say that there is a pause, and count it down. */
  wait(seconds, why, retryNow) {
    const reasons = {
      lost: "The connection was lost.",
      offline: "You are offline.",
      often: "Too many questions in a short time.",
      busy: "The server is busy.",
    };
    const until = performance.now() + seconds * 1000;
    const tell = () => {
      const left = Math.max(1, Math.ceil((until - performance.now()) / 1000));
      this.progress(`${reasons[why]} Trying again in ${left}\u00a0s…`);
    };
    tell();
    announce(`${reasons[why]} Trying again.`);
    clearInterval(this.countdown);
    this.countdown = setInterval(tell, 1000);
    this.element.classList.add("waiting");
    const button = this.#find('[data-action="now"]');
    button.hidden = why === "often";
    button.onclick = () => {
      this.#waited();
      this.progress("Trying again…");
      retryNow();
    };
  }

  /** Say why there is no answer, an error of a `kind`; what was written so far stays. */
  fail(message, kind = "") {
    const isOver = ENDED.includes(kind);
    this.#end();
    this.#find('[data-action="fresh"]').hidden = !isOver;
    for (const action of ["again", "edit"]) this.#find(`[data-action="${action}"]`).hidden = isOver;
    this.element.classList.add("failed");
    this.#find(".trouble-text").textContent = message;
    this.#find(".trouble").hidden = false;
    announce(message);
  }

  /** Put the answer as the server renders it in the place of this one; return its element. */
  async finish(answer) {
    const rendered = await this.#rendered(answer.answer_id);
    this.#end();
    if (!rendered) return this.element;
    const hadFocus = this.element.contains(document.activeElement);
    this.element.replaceWith(rendered);
    if (hadFocus) rendered.querySelector(".asked").focus({ preventScroll: true });
    return rendered;
  }

  async #rendered(answerId) {
    for (const wait of FETCH_WAITS_MS) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      try {
        return (await part(`/page/answers/${answerId}`)).querySelector("article");
      } catch (error) {
        if (error.status) break; // refused: the text that is there has to do
      }
    }
    return null;
  }

  #stage({ stage, model }) {
    if (stage === "writing") {
      const name = model.replace(/^[^:]*:/, "").replace(/@.*/, "") || model;
      this.progress(`${name} is writing…`);
      this.#slowly(SLOW_WRITING_MS, `${name} is still writing…`);
    } else if (stage === "quoting") {
      this.progress("Quoting the glossary…");
    }
  }

  #found({ standalone_question: standalone, answerable, hits }) {
    const searched = this.#find(".searched");
    searched.hidden = plain(standalone) === plain(this.element.dataset.question);
    searched.querySelector("q").textContent = standalone;
    this.element.classList.toggle("unanswerable", !answerable);
    if (answerable) this.progress(`Reading ${counted(hits.length, "entry", "entries")}…`);
  }

  #write(text) {
    this.answer.add(text);
    this.#slowly(SLOW_WRITING_MS, "Still writing…");
  }

  #cite({ number, entry_id: entryId, heading, quote, start, end }) {
    const item = clone("pending-source");
    const span = `start=${start}&end=${end}`;
    const term = heading.split(",")[0];
    const link = item.querySelector(".number");
    Object.assign(item.dataset, { number, entry: entryId, span, term });
    item.querySelector("mark").textContent = quote;
    link.textContent = number;
    link.setAttribute("aria-label", `Source ${number} in its entry`);
    link.href = `${root()}/glossary/${entryId}?${span}#quote`;
    this.#card(entryId, term, link.href).append(item); // shown when the text above it has stopped growing
  }

  /** Return the quotes of an entry, a list that may have to begin. */
  #card(entryId, term, href) {
    const known = this.element.querySelector(`.source[data-entry="${CSS.escape(entryId)}"]`);
    if (known) return known.parentElement;
    const card = clone("pending-card");
    const link = card.querySelector(".source-term");
    link.textContent = term;
    link.href = href;
    this.#find(".cards").append(card);
    return card.querySelector(".quotes");
  }

  #restart() {
    this.answer.clear();
    this.#find(".cards").replaceChildren();
    this.progress("Asking again…");
  }

  #marker(number) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "marker";
    button.dataset.number = number;
    button.textContent = number;
    button.setAttribute("aria-label", `Source ${number}`);
    return button;
  }

  #slowly(after, message) {
    clearTimeout(this.slow);
    this.slow = setTimeout(() => {
      this.progress(message);
      announce(message);
    }, after);
  }

  #waited() {
    clearInterval(this.countdown);
    if (!this.element.classList.contains("waiting")) return;
    this.element.classList.remove("waiting");
    this.#find('[data-action="now"]').hidden = true;
    this.progress("Connected again…");
  }

  #end() {
    clearTimeout(this.slow);
    clearInterval(this.countdown);
    this.element.removeAttribute("aria-busy");
    this.#find(".sources").hidden = !this.#find(".source");
    this.#find(".progress").hidden = true;
  }

  #find(selector) {
    return this.element.querySelector(selector);
  }
}

function plain(question) {
  return question.toLowerCase().replace(/\s+/g, " ").replace(/^[ ?!.]+|[ ?!.]+$/g, "");
}
