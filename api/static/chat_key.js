// An API key, where the server asks for one: entered once, kept for this browser tab.

import { nodesOf, page, rememberKey, rememberedKey, root } from "./chat_api.js";

/** Ask for the key, then put the page that it opens in the place of this one and call `start`. */
export function unlock(start) {
  const form = document.getElementById("key-form");
  const problem = document.getElementById("key-problem");
  const tryKey = async (key) => {
    problem.textContent = "";
    try {
      const response = await fetch(location.href, { headers: { Authorization: `Bearer ${key}` } });
      if (response.status === 401) throw new Error("This key is unknown, revoked or expired.");
      const opened = nodesOf(await response.text()).getElementById("chat");
      if (!opened) throw new Error("The server did not send the page. Please try again.");
      rememberKey(key);
      page().replaceWith(opened);
      if (response.redirected) history.replaceState(null, "", response.url);
      start();
    } catch (error) {
      rememberKey("");
      problem.textContent = error.message;
      form.elements.key.focus();
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tryKey(form.elements.key.value.trim());
  });
  const known = rememberedKey();
  if (known) tryKey(known);
  else form.elements.key.focus();
}

/** The key stopped working while the page was open. */
export function forgetKey() {
  rememberKey("");
  location.assign(`${root()}/${location.search}`);
}
