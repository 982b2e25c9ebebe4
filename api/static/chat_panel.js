// The source panel: an entry with the quoted characters highlighted, beside or over the answer.

import { root } from "./chat_api.js";
import { sourceOf } from "./chat_citations.js";
import { entryOf } from "./chat_entry.js";

const BESIDE = matchMedia("(min-width: 75rem)");

export class SourcePanel {
  constructor(dialog) {
    this.dialog = dialog;
    this.title = dialog.querySelector("#panel-title");
    this.link = dialog.querySelector("#panel-link");
    this.body = dialog.querySelector("#panel-body");
    this.opener = null;
    dialog.querySelector("#panel-close").addEventListener("click", () => this.close());
    dialog.addEventListener("close", () => this.#closed());
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) this.close(); // the backdrop
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && dialog.open && !event.defaultPrevented) this.close();
    });
    BESIDE.addEventListener("change", () => dialog.open && this.close());
  }

  /** Open the source that a marker or a source's link stands for. */
  async open(opener) {
    const source = opener.closest(".source") ?? opener.closest(".source-card")?.querySelector(".source") ?? sourceOf(opener);
    if (!source) return;
    this.opener = opener;
    const { entry, span, number } = source.dataset;
    this.title.textContent = `Source ${number}`;
    this.link.href = `${root()}/glossary/${entry}?${span}#quote`;
    this.body.replaceChildren(source.querySelector(".quote").cloneNode(true));
    this.body.setAttribute("aria-busy", "true");
    this.#show();
    try {
      const entryPart = await entryOf(source.dataset);
      if (this.opener === opener) this.#fill(entryPart);
    } catch {
      this.body.append(this.#sorry());
    } finally {
      this.body.removeAttribute("aria-busy");
    }
  }

  close() {
    if (!this.dialog.open) return;
    this.dialog.close();
    this.#closed(); // the event comes later, when the focus may be elsewhere for good reason
  }

  #show() {
    if (!this.dialog.open) {
      if (BESIDE.matches) this.dialog.show();
      else this.dialog.showModal();
    }
    holding(this.opener, () => document.body.classList.add("has-panel"));
    this.title.focus({ preventScroll: true });
  }

  #fill(entryPart) {
    this.body.replaceChildren(entryPart);
    const quote = this.body.querySelector("mark");
    if (!quote) return;
    const above = quote.getBoundingClientRect().top - this.body.getBoundingClientRect().top;
    this.body.scrollTop += above - this.body.clientHeight / 3;
  }

  #sorry() {
    const note = document.createElement("p");
    note.className = "quiet";
    note.textContent = "The rest of the entry could not be fetched. The link above leads to it.";
    return note;
  }

  #closed() {
    const opener = this.opener;
    holding(opener, () => document.body.classList.remove("has-panel"));
    this.opener = null;
    if (opener?.isConnected) opener.focus({ preventScroll: true });
  }
}

/** Change the width of the text without moving the place that is being read. */
function holding(place, change) {
  const top = place?.getBoundingClientRect().top;
  change();
  if (place?.isConnected) scrollBy({ top: place.getBoundingClientRect().top - top, behavior: "instant" });
}
