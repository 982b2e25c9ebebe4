// The chat page. Without it, asking and reading work all the same.

import { page, part, root, sentenceOf } from "./chat_api.js";
import { Asking } from "./chat_ask.js";
import { QuoteTip, makeButtons } from "./chat_citations.js";
import { Composer } from "./chat_composer.js";
import { History } from "./chat_history.js";
import { SourcePanel } from "./chat_panel.js";
import { beginAtPlace } from "./chat_scroll.js";
import { toast } from "./chat_status.js";
import { Suggest } from "./chat_suggest.js";
import { copyAnswer, inspect, rate, shareQuestion } from "./chat_tools.js";

function start() {
  const thread = document.getElementById("thread");
  const form = document.getElementById("composer");
  const asking = new Asking({ onState: (isAsking) => composer.busy(isAsking), onAnswer: makeButtons });
  const composer = new Composer(form, (question) => asking.ask(question), () => asking.stop());
  const panel = new SourcePanel(document.getElementById("panel"));
  new Suggest(form.elements.q, document.getElementById("suggestions"));
  new QuoteTip(thread, document.getElementById("quote-tip"));
  new History(document.getElementById("history"));

  makeButtons(thread);
  page().addEventListener("click", (event) => act(event, { asking, composer, panel }));
  thread.addEventListener("toggle", (event) => event.target.matches(".how") && inspect(event.target), true);
  addEventListener("offline", () => toast("You are offline. What is here can still be read."));
  const isResumed = asking.resume();
  if (page().dataset.ask && !isResumed) asking.ask(page().dataset.ask);
  beginAtPlace(thread, asking.isAsking);
  if (page().classList.contains("is-new") && matchMedia("(hover: hover)").matches) composer.focus();
}

function act(event, { asking, composer, panel }) {
  const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  const actor = event.target.closest("[data-action], [data-question], [data-before], button.marker");
  if (!actor || !isPlain || actor.matches(".turn")) return;
  const turn = actor.closest(".turn");
  const acts = {
    copy: () => copyAnswer(turn),
    share: () => shareQuestion(turn),
    again: () => {
      if (turn.matches(".failed")) turn.remove();
      asking.ask(turn.dataset.question);
    },
    edit: () => composer.edit(turn.dataset.question),
    fresh: () => location.assign(`${root()}/?${new URLSearchParams({ q: turn.dataset.question })}`),
    whole: () => showWhole(turn, actor),
    up: () => rate(turn, actor),
    down: () => rate(turn, actor),
    source: () => panel.open(actor),
  };
  if (actor.matches("button.marker")) panel.open(actor);
  else if (actor.matches("a[data-question]")) asking.ask(actor.dataset.question);
  else if (actor.matches("[data-before]")) showEarlier(actor);
  else if (acts[actor.dataset.action]) acts[actor.dataset.action]();
  else return;
  event.preventDefault();
}

function showWhole(turn, button) {
  const isWhole = turn.querySelector(".asked").classList.toggle("whole");
  button.setAttribute("aria-expanded", String(isWhole));
  button.textContent = isWhole ? "Show the beginning only" : "Show the whole question";
}

async function showEarlier(link) {
  const path = `/page/conversations/${page().dataset.conversation}/turns?before=${link.dataset.before}`;
  try {
    const earlier = await part(path);
    const below = link.nextElementSibling;
    const top = below.getBoundingClientRect().top;
    makeButtons(earlier);
    link.replaceWith(earlier);
    scrollBy({ top: below.getBoundingClientRect().top - top, behavior: "instant" });
  } catch (error) {
    toast(`The earlier questions could not be fetched. ${sentenceOf(error)}`);
  }
}

let shown = location.search;
addEventListener("popstate", () => {
  if (location.search !== shown) location.reload(); // a jump within the page changes the hash only
});
document.addEventListener("conversation-begun", () => (shown = location.search));

start();
