// What can be done with an answer: copy, share, rate, look into.

import { clone, part, root, send } from "./chat_api.js";
import { announce, toast } from "./chat_status.js";

/** Copy an answer as Markdown with its sources. */
export async function copyAnswer(turn) {
  try {
    const response = await send(`/page/answers/${turn.dataset.answer}/markdown`);
    await copy(await response.text());
    done("Copied as Markdown with sources.");
  } catch (error) {
    toast(`It could not be copied. ${error.message}`);
  }
}

/** Copy a link that asks the question again; the conversation stays private. */
export async function shareQuestion(turn) {
  const url = new URL(`${root()}/`, location.origin);
  url.search = new URLSearchParams({ q: turn.dataset.question }).toString();
  try {
    await copy(url.href);
    done("Copied a link that asks this question. Your conversation stays private.");
  } catch (error) {
    toast(`It could not be copied. ${error.message}`);
  }
}

async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement("textarea"); // without HTTPS there is no clipboard interface
  area.value = text;
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (!copied) throw new Error("This browser does not allow it.");
}

function done(message) {
  toast(message);
}

/** Rate an answer; the same button again takes the rating back. */
export async function rate(turn, button) {
  const rating = button.dataset.action;
  const isTakenBack = button.getAttribute("aria-pressed") === "true";
  turn.querySelector("form.feedback")?.remove();
  const kept = await keep(turn, isTakenBack ? null : rating);
  if (!kept) return;
  for (const other of turn.querySelectorAll("[aria-pressed]")) {
    other.setAttribute("aria-pressed", String(other === button && !isTakenBack));
  }
  if (rating === "down" && !isTakenBack) askWhy(turn, button);
  else announce(isTakenBack ? "Your rating is taken back." : "Thank you.");
}

async function keep(turn, rating, reason = "") {
  try {
    await send("/feedback", { method: "POST", body: { answer_id: turn.dataset.answer, rating, reason } });
    return true;
  } catch (error) {
    toast(`Your rating could not be kept. ${error.message}`);
    return false;
  }
}

function askWhy(turn, button) {
  const form = clone("feedback-form");
  const close = () => {
    form.remove();
    button.focus();
  };
  form.querySelector('[data-action="cancel"]').addEventListener("click", close);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!(await keep(turn, "down", form.elements.reason.value.trim()))) return;
    close();
    toast("Thank you. Your reason is kept with the answer.");
  });
  turn.querySelector(".tools").after(form);
  form.elements.reason.focus();
}

/** Fill the details of an answer the first time they are opened. */
export async function inspect(details) {
  const place = details.querySelector("[data-inspection]");
  if (!details.open || !place || place.hasChildNodes()) return;
  place.textContent = "Fetching what was considered…";
  try {
    const answerId = details.closest(".turn").dataset.answer;
    place.replaceChildren(await part(`/page/answers/${answerId}/inspection`));
  } catch (error) {
    place.textContent = "";
    toast(`It could not be fetched. ${error.message}`);
  }
}
