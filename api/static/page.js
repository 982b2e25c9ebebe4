// Asks without reloading the page. Without this module the form and every link work all the same.

const form = document.querySelector("form.question");
let asking = null;
let shown = location.search;

function busy(state) {
  document.getElementById("result").setAttribute("aria-busy", String(state));
  form.querySelector("button").disabled = state;
  if (state) say("Looking in the glossary…");
}

function say(message) {
  document.getElementById("status").textContent = message;
}

async function fetchPage(url) {
  asking?.abort();
  asking = new AbortController();
  const response = await fetch(url, { signal: asking.signal, headers: { Accept: "text/html" } });
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

function show(page) {
  const fresh = page.getElementById("result");
  if (!fresh) throw new Error("the server sent another page");
  document.getElementById("result").replaceWith(document.adoptNode(fresh));
  document.title = page.title;
  form.elements.q.value = page.getElementById("q").value;
  const sources = document.querySelectorAll(".sources li").length;
  if (sources) say(`Answered, with ${sources} ${sources === 1 ? "source" : "sources"}.`);
  else say(document.querySelector(".unanswerable") ? "The glossary does not answer this." : "");
}

async function ask(url, remember) {
  busy(true);
  try {
    const page = await fetchPage(url);
    show(page);
    if (remember) history.pushState(null, "", url);
    shown = location.search;
    busy(false);
    document.getElementById("result").focus({ preventScroll: true });
  } catch (error) {
    if (error.name === "AbortError") return; // a newer question took over
    busy(false);
    say("The server did not answer. Please try again.");
  }
}

function isQuestion(link) {
  return link && link.origin === location.origin && link.pathname === new URL(form.action).pathname
    && link.search.startsWith("?q=") && !link.hash;
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const url = new URL(form.action);
    url.search = new URLSearchParams({ q: form.elements.q.value }).toString();
    ask(url.href, true);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (plain && isQuestion(link)) {
      event.preventDefault();
      ask(link.href, true);
    }
  });
  addEventListener("popstate", () => {
    if (location.search !== shown) ask(location.href, false); // a jump to a source changes the hash only
  });
}
