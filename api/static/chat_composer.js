// The question box: Enter asks, Shift+Enter starts a new line, "/" leads here.

export class Composer {
  constructor(form, onAsk, onStop) {
    this.form = form;
    this.box = form.elements.q;
    this.askButton = form.querySelector("button[type=submit]");
    this.stopButton = form.querySelector("#stop");
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
    this.box.addEventListener("input", () => this.#grow());
    document.addEventListener("keydown", (event) => this.#shortcut(event));
    this.#grow();
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
    this.#grow();
    this.box.focus();
    this.box.setSelectionRange(question.length, question.length);
  }

  #submit(onAsk) {
    const question = this.box.value.trim();
    if (!question || this.isBusy) return;
    this.box.value = "";
    this.box.dispatchEvent(new Event("input"));
    onAsk(question);
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
