// The [n] markers: hovering shows the quote in its context, clicking opens the source.

import { contextOf, entryOf } from "./chat_entry.js";

const LEAVE_MS = 150;
const WIDEN_MS = 120;
const EDGE_PX = 12;

/** Make the markers of an element buttons; without scripts they are links to the source. */
export function makeButtons(element) {
  for (const link of element.querySelectorAll("a.marker")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "marker";
    button.dataset.number = link.textContent.trim();
    button.textContent = button.dataset.number;
    button.setAttribute("aria-label", `Source ${button.dataset.number}`);
    link.replaceWith(button);
  }
}

/** Return the source in the list that a marker stands for. */
export function sourceOf(marker) {
  return marker.closest(".turn").querySelector(`.source[data-number="${marker.dataset.number}"]`);
}

/** The quote that a marker stands for, beside it. */
export class QuoteTip {
  constructor(thread, tip) {
    this.tip = tip;
    this.marker = null;
    const over = (event) => {
      const marker = event.target.closest?.("button.marker");
      if (marker) this.show(marker);
    };
    thread.addEventListener("pointermove", over, { passive: true });
    thread.addEventListener("focusin", over);
    thread.addEventListener("pointerout", (event) => event.target.closest(".marker") && this.#hideSoon());
    thread.addEventListener("focusout", (event) => event.target.closest(".marker") && this.hide());
    tip.addEventListener("pointerenter", () => clearTimeout(this.timer));
    tip.addEventListener("pointerleave", () => this.#hideSoon());
    addEventListener("scroll", () => this.marker && this.#place(), { passive: true });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.marker) this.hide();
    });
  }

  show(marker) {
    clearTimeout(this.timer);
    const source = sourceOf(marker);
    if (!source || marker === this.marker) return;
    this.hide();
    this.marker = marker;
    const term = document.createElement("p");
    term.className = "tip-term";
    term.textContent = source.dataset.term;
    this.tip.replaceChildren(term, source.querySelector(".quote").cloneNode(true));
    marker.setAttribute("aria-describedby", this.tip.id);
    this.tip.showPopover();
    this.#place();
    this.timer = setTimeout(() => this.#widen(marker, source), WIDEN_MS);
  }

  /** Put the quote into its context, once it was looked at for a moment. */
  async #widen(marker, source) {
    try {
      const blocks = contextOf(await entryOf(source.dataset));
      if (marker !== this.marker || !blocks.length) return;
      const quote = document.createElement("div");
      quote.className = "tip-context prose";
      quote.append(...blocks);
      this.tip.lastElementChild.replaceWith(quote);
      const mark = quote.querySelector("mark");
      quote.scrollTop = mark.offsetTop - quote.offsetTop - 24;
      this.#place();
    } catch {
      // the quote without its context has to do
    }
  }

  hide() {
    clearTimeout(this.timer);
    this.marker?.removeAttribute("aria-describedby");
    this.marker = null;
    if (this.tip.matches(":popover-open")) this.tip.hidePopover();
  }

  #hideSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hide(), LEAVE_MS);
  }

  #place() {
    const near = this.marker.getBoundingClientRect();
    if (near.bottom < 0 || near.top > innerHeight) {
      this.hide();
      return;
    }
    const { width, height } = this.tip.getBoundingClientRect();
    const left = Math.min(near.left - EDGE_PX, innerWidth - width - EDGE_PX);
    const isAbove = near.top - height - 8 > 0;
    this.tip.style.left = `${Math.max(EDGE_PX, left)}px`;
    this.tip.style.top = `${isAbove ? near.top - height - 6 : near.bottom + 6}px`;
  }
}
