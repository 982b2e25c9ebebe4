// What can be done with an answer: copy, share, rate, look into.

import { clone, part, root, send, sentenceOf } from "./chat_api.js";
import { announce, toast } from "./chat_status.js";
import { copyText } from "./copying.js";

/** Copy an answer as Markdown with its sources. */
export async function copyAnswer(turn) {
  try {
    const response = await send(`/page/answers/${turn.dataset.answer}/markdown`);
    await copy(await response.text(), "Copied as Markdown with sources.");
  } catch (error) {
    toast(`It could not be copied. ${sentenceOf(error)}`);
  }
}

/** Copy a link that asks the question, complete by itself; the conversation stays private. */
export async function shareQuestion(turn) {
  const url = new URL(`${root()}/`, location.origin);
  url.search = new URLSearchParams({ q: turn.dataset.standalone }).toString();
  await copy(url.href, "Copied a link that asks this question. Your conversation stays private.");
}

async function copy(text, message) {
  try {
    await copyText(text);
    toast(message);
  } catch {
    toast("It could not be copied: this browser does not allow it.");
  }
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
    toast(`Your rating could not be kept. ${sentenceOf(error)}`);
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
  form.elements.reason.focus({ preventScroll: true });
  form.scrollIntoView({ block: "nearest", behavior: "instant" }); // above the question box
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
    toast(`It could not be fetched. ${sentenceOf(error)}`);
  }
}
