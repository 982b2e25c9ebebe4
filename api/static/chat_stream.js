// The noun AnswerStream: one question and the events of its answer, across lost connections.

import { Refusal, send } from "./chat_api.js";
import { readEvents } from "./chat_events.js";

const FIRST_WAIT_S = 0.5;
const LONGEST_WAIT_S = 8;
const MOST_TRIES = 12;
const MOST_REFUSALS = 3;
const LASTING = /^(?:Snapshot|Embedder|ModelNotFound|ModelCorrupt)/; // waiting does not help

export class AnswerStream {
  #stopped;
  #tellStopped;

  /** `onWait(seconds, why)` is told before every further try; `started` resumes a known answer. */
  constructor(question, conversationId, onWait, started = null) {
    this.question = question;
    this.conversationId = conversationId;
    this.answerId = started;
    this.isStopped = false;
    this.onWait = onWait;
    this.lastEventId = "";
    this.tries = 0;
    this.refusals = 0;
    this.#stopped = new Promise((resolve) => (this.#tellStopped = () => resolve({ done: true })));
  }

  /** Yield the events up to "answer" or "error"; "again" says that all before it is void. */
  async *events() {
    while (!this.isStopped) {
      try {
        for await (const event of this.#untilStopped(this.#connection())) {
          if (event.name === "error" && event.data.error?.type === "AnswerMissing") throw new Refusal(404, "");
          yield event;
          if (event.name === "answer" || event.name === "error") return;
        }
        if (!this.isStopped) throw new TypeError("the stream ended early");
      } catch (error) {
        if (this.isStopped) return;
        if (this.#isGone(error)) {
          this.answerId = null;
          this.lastEventId = "";
          yield { name: "again" };
        } else {
          await this.#pause(error);
        }
      }
    }
  }

  /** Stop writing, here at once, and on the server as soon as it has named the answer. */
  stop() {
    this.isStopped = true;
    this.#tellStopped();
    this.retryNow?.();
    if (this.answerId) this.#giveUp();
  }

  #giveUp() {
    this.connection?.abort();
    send(`/chat/stream/${this.answerId}`, { method: "DELETE", keepalive: true }).catch(() => {});
  }

  /** Yield the events of a connection; one that was not named yet when it was stopped is read on. */
  async *#untilStopped(connection) {
    try {
      for (;;) {
        const { done, value } = await Promise.race([connection.next(), this.#stopped]);
        if (done) return;
        yield value;
      }
    } finally {
      connection.return().catch(() => {});
    }
  }

  /** Yield the events of one connection; it is given up when the network goes away. */
  async *#connection() {
    const connection = (this.connection = new AbortController());
    const giveUp = () => connection.abort();
    addEventListener("offline", giveUp);
    try {
      for await (const event of readEvents(await this.#open(connection.signal))) {
        this.#note(event);
        yield event;
      }
    } finally {
      removeEventListener("offline", giveUp);
    }
  }

  #open(signal) {
    if (this.answerId) {
      const headers = this.lastEventId ? { "Last-Event-ID": this.lastEventId } : {};
      return send(`/chat/stream/${this.answerId}`, { headers, signal });
    }
    const body = { question: this.question };
    if (this.conversationId) body.conversation_id = this.conversationId;
    return send("/chat/stream", { method: "POST", body, signal });
  }

  #note(event) {
    this.tries = 0;
    this.refusals = 0;
    if (event.id) this.lastEventId = event.id;
    if (!event.data.answer_id) return;
    this.answerId = event.data.answer_id;
    if (this.isStopped) this.#giveUp();
  }

  /** Whether the server does not know the answer any more, as after a restart. */
  #isGone(error) {
    return error instanceof Refusal && [404, 410].includes(error.status) && this.answerId !== null;
  }

  async #pause(error) {
    if (error instanceof Refusal) {
      const isPassing = [429, 502, 503, 504].includes(error.status) && error.waitS > 0 && !LASTING.test(error.kind);
      if (!isPassing || ++this.refusals > MOST_REFUSALS) throw error;
      await this.#wait(error.waitS, error.status === 429 ? "often" : "busy");
    } else if (error instanceof TypeError || error.name === "AbortError") {
      if (++this.tries > MOST_TRIES) throw new Refusal(0, "The server cannot be reached.");
      const seconds = Math.min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** (this.tries - 1));
      await this.#wait(seconds * (0.8 + 0.4 * Math.random()), navigator.onLine ? "lost" : "offline");
    } else {
      throw error;
    }
  }

  #wait(seconds, why) {
    this.onWait(seconds, why);
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        removeEventListener("online", end);
        this.retryNow = null;
        resolve();
      };
      const timer = setTimeout(end, seconds * 1000);
      addEventListener("online", end);
      this.retryNow = end;
    });
  }
}
