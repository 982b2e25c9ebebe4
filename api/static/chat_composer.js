// The question box: Enter asks, Shift+Enter starts a new line, "/" leads here.

import { announce, toast } from "./chat_status.js";

const NEARLY_FULL_CHARS = 200;

export class Composer {
  constructor(form, onAsk, onStop) {
    this.form = form;
    this.box = form.elements.q;
    this.askButton = form.querySelector("button[type=submit]");
    this.stopButton = form.querySelector("#stop");
    this.room = form.querySelector("#room");
    this.longest = this.box.maxLength;
    this.box.removeAttribute("maxlength"); // it would cut what is pasted without a word
    this.isBusy = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(onAsk);
    });
    this.stopButton.addEventListener("click", () => {
      onStop();
      this.box.focus();
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.defaultPrevented) return;
      event.preventDefault();
      this.#submit(onAsk);
    });
    this.box.addEventListener("input", () => this.#typed());
    new ResizeObserver(() => this.#tellHeight()).observe(form);
    document.addEventListener("keydown", (event) => this.#shortcut(event));
    this.#typed();
  }

  focus() {
    this.box.focus({ preventScroll: true });
  }

  busy(isBusy) {
    this.isBusy = isBusy;
    this.askButton.hidden = isBusy;
    this.stopButton.hidden = !isBusy;
    if (!isBusy) this.box.placeholder = "Ask a follow-up question";
  }

  /** Put a question into the box to be changed. */
  edit(question) {
    this.box.value = question;
    this.#typed();
    this.box.focus();
    this.box.setSelectionRange(question.length, question.length);
  }

  #submit(onAsk) {
    const question = this.box.value.trim();
    if (!question) return;
    if (this.isBusy) {
      toast("This answer is still being written. Stop it to ask something else.");
      return;
    }
    if (this.left < 0) {
      announce(this.room.textContent);
      this.box.focus();
      return;
    }
    this.box.value = "";
    this.box.dispatchEvent(new Event("input"));
    onAsk(question);
  }

  get left() {
    return this.longest - this.box.value.trim().length;
  }

  #typed() {
    this.#grow();
    const { left } = this;
    const isOver = left < 0;
    const longest = this.longest.toLocaleString("en");
    this.room.hidden = left > Math.min(NEARLY_FULL_CHARS, this.longest / 2);
    this.room.textContent = isOver
      ? `${(-left).toLocaleString("en")} characters too many: a question may have ${longest}.`
      : `${left.toLocaleString("en")} of ${longest} characters left`;
    if (isOver !== this.room.classList.contains("over")) {
      this.room.classList.toggle("over", isOver);
      this.box.setAttribute("aria-invalid", String(isOver));
      announce(this.room.textContent);
    }
  }

  /** The box covers the end of the page: what scrolls into view has to stop above it. */
  #tellHeight() {
    document.documentElement.style.setProperty("--composer", `${this.form.offsetHeight}px`);
  }

  #grow() {
    if (CSS.supports("field-sizing", "content")) return;
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight}px`;
  }

  #shortcut(event) {
    const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.box.focus();
  }
}
