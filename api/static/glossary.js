// Finds terms while they are typed, and copies links. Without it every form and link works as well.

import { copyText } from "./copying.js";

const WAIT_MS = 120;
const form = document.querySelector(".glossary-search");

function addressOf(form) {
  const url = new URL(form.action);
  for (const [name, value] of new FormData(form)) if (value) url.searchParams.set(name, value);
  return url;
}

class Search {
  #asking = null;
  #waiting = 0;

  constructor(form) {
    this.form = form;
    form.addEventListener("input", () => this.#soon());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#show();
    });
  }

  #soon() {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.#show(), WAIT_MS);
  }

  async #show() {
    clearTimeout(this.#waiting);
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    const url = addressOf(this.form);
    try {
      const response = await fetch(url, { signal: asking.signal });
      if (response.status === 401) location.assign(url); // it asks for an API key
      if (!response.ok) throw new Error(`status ${response.status}`);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      this.#replace(page.getElementById("results"));
      history.replaceState(null, "", url);
    } catch (error) {
      if (error.name !== "AbortError") this.#say("The server did not answer. Press Enter to try again.");
    }
  }

  #replace(fresh) {
    const shown = document.getElementById("results");
    const told = fresh.querySelector(".status").textContent;
    // the live region stays the same element: only then is its new text read out
    const status = shown.querySelector(".status");
    fresh.querySelector(".status").replaceWith(status);
    shown.replaceChildren(...document.adoptNode(fresh).childNodes);
    status.textContent = told;
  }

  #say(message) {
    document.querySelector("#results .status").textContent = message;
  }
}

async function copy(button) {
  const before = button.textContent;
  try {
    await copyText(new URL(button.dataset.copy, location.href).href);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Copying is not allowed here";
  }
  setTimeout(() => { button.textContent = before; }, 2000);
}

// What does not scroll needs no place in the order of the tab key.
function leaveOutWhatFits() {
  for (const region of document.querySelectorAll(".prose [tabindex='0']")) {
    if (region.scrollWidth <= region.clientWidth) region.tabIndex = -1;
    else region.tabIndex = 0;
  }
}

if (form) new Search(form);
for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", () => copy(button));
new ResizeObserver(leaveOutWhatFits).observe(document.body);
