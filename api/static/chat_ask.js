// Asks: from the question in the box to the answer on the page, one at a time.

import { Refusal, page, root, sentenceOf } from "./chat_api.js";
import { arriveAtLast } from "./chat_scroll.js";
import { AnswerStream } from "./chat_stream.js";
import { announce, counted, entitle, toast } from "./chat_status.js";
import { PendingTurn } from "./chat_turn.js";

const UNFINISHED = "aifactory-unfinished";

export class Asking {
  /** `onState(isAsking)` is told when a question begins and ends, `onAnswer(element)` of answers. */
  constructor({ onState, onAnswer }) {
    this.onState = onState;
    this.onAnswer = onAnswer;
    this.stream = null;
  }

  get isAsking() {
    return this.stream !== null;
  }

  /** Ask a question; `answerId` goes on with one that is already being answered. */
  async ask(question, answerId = null) {
    if (!question.trim()) return;
    if (this.isAsking) {
      toast("One question at a time: this answer is still being written.");
      return;
    }
    document.dispatchEvent(new CustomEvent("asking"));
    const turn = new PendingTurn(question);
    this.#place(turn.element);
    const onWait = (seconds, why) => turn.wait(seconds, why, () => this.stream?.retryNow?.());
    const stream = new AnswerStream(question, page().dataset.conversation, onWait, answerId);
    this.stream = stream;
    this.onState(true);
    try {
      await this.#follow(stream, turn);
    } catch (error) {
      if (error instanceof Refusal) turn.fail(sentenceOf(error), error.kind);
      else turn.fail("Something went wrong on this page. Please try again.");
    } finally {
      forget();
      this.stream = null;
      this.onState(false);
    }
  }

  stop() {
    this.stream?.stop();
  }

  /** Go on with the question that was being answered when the page was left; tell whether there is one. */
  resume() {
    const left = remembered();
    forget();
    const isHere = left?.page === location.href;
    if (isHere) this.ask(left.question, left.answerId);
    return isHere;
  }

  async #follow(stream, turn) {
    for await (const event of stream.events()) {
      if (event.name === "answer") {
        this.#keep(event.data);
        const element = await turn.finish(event.data);
        this.#tell(event.data);
        this.onAnswer(element);
        return;
      }
      if (event.name === "error") {
        const { type: kind, message } = event.data.error;
        const refusal = new Refusal(0, message, { kind });
        turn.fail(sentenceOf(refusal), kind);
        return;
      }
      turn.show(event);
      if (event.name === "status") remember(stream);
    }
    turn.fail(turn.hasText ? "Stopped. What was written is not kept." : "Stopped.");
  }

  #place(element) {
    const thread = document.getElementById("thread");
    page().classList.remove("is-new");
    thread.querySelectorAll(".welcome, .problem").forEach((old) => old.remove());
    document.querySelector(".examples")?.remove();
    thread.append(element);
    arriveAtLast(thread);
  }

  /** The conversation has an address as soon as its first answer is kept. */
  #keep({ conversation_id: conversationId, question }) {
    const isNew = page().dataset.conversation !== conversationId;
    const query = `?c=${conversationId}`;
    page().dataset.conversation = conversationId;
    if (location.search === query) return;
    // an address that asks must not be come back to: it would ask again
    if (location.search) history.replaceState(null, "", `${root()}/${query}`);
    else history.pushState(null, "", `${root()}/${query}`);
    if (isNew) entitle(question);
    document.dispatchEvent(new CustomEvent("conversation-begun"));
  }

  #tell({ answerable, citations }) {
    if (answerable) announce(`Answered, with ${counted(citations.length, "source")}.`);
    else announce("The glossary does not answer this. The nearest terms are offered.");
  }
}

function remember({ question, answerId }) {
  try {
    sessionStorage.setItem(UNFINISHED, JSON.stringify({ question, answerId, page: location.href }));
  } catch {
    // storage is forbidden: leaving the page gives the answer up
  }
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(UNFINISHED));
  } catch {
    return null;
  }
}

function forget() {
  try {
    sessionStorage.removeItem(UNFINISHED);
  } catch {
    // nothing was remembered
  }
}
