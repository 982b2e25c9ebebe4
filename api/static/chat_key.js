// Another API key, when the one in the cookie no longer works: entered while the page stays as it is.

let asking = null;

/** Ask for a key; resolves to whether one that works was given. One dialog serves all who ask. */
export function anotherKey() {
  asking ??= ask().finally(() => (asking = null));
  return asking;
}

async function ask() {
  const dialog = document.getElementById("key-dialog");
  const form = document.getElementById("key-form");
  const done = new AbortController();
  const closed = new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  form.addEventListener("submit", (event) => tryKey(event, dialog), { signal: done.signal });
  document.getElementById("key-cancel").addEventListener("click", () => dialog.close(), { signal: done.signal });
  dialog.returnValue = "";
  form.reset();
  say("");
  dialog.showModal();
  await closed;
  done.abort();
  return dialog.returnValue === "opened";
}

async function tryKey(event, dialog) {
  event.preventDefault();
  const form = event.target;
  say("");
  try {
    const body = new URLSearchParams(new FormData(form));
    const response = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (response.type === "opaqueredirect") dialog.close("opened");
    else say((await response.json()).error.message);
  } catch {
    say("The server did not answer. Please try again.");
  }
  form.elements.key.select();
}

function say(problem) {
  document.getElementById("key-problem").textContent = problem;
}
