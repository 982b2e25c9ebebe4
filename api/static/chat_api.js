// Requests to the server: the API key, refusals, and parts of the page as safe DOM nodes.

const KEY = "aifactory-key";
const policy = globalThis.trustedTypes?.createPolicy("aifactory-part", { createHTML: (html) => html });

export const page = () => document.getElementById("chat");
export const root = () => page().dataset.root;

/** Why the server did not do what was asked; `status` is 0 when it could not be reached. */
export class Refusal extends Error {
  constructor(status, message, waitS = 0) {
    super(message);
    this.status = status;
    this.waitS = waitS;
  }
}

export function rememberedKey() {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

export function rememberKey(key) {
  try {
    if (key) sessionStorage.setItem(KEY, key);
    else sessionStorage.removeItem(KEY);
  } catch {
    // storage is forbidden: the key cannot outlive the page
  }
}

/** Send a request; resolves to its response, rejects with a Refusal or what `fetch` rejects with. */
export async function send(path, { method = "GET", body, headers = {}, ...more } = {}) {
  const key = rememberedKey();
  const sent = { ...headers };
  if (key) sent.Authorization = `Bearer ${key}`;
  if (body !== undefined) sent["Content-Type"] = "application/json";
  const response = await fetch(root() + path, {
    method,
    headers: sent,
    body: body === undefined ? undefined : JSON.stringify(body),
    ...more,
  });
  if (response.ok) return response;
  const refusal = await refusalOf(response);
  if (refusal.status === 401) document.dispatchEvent(new CustomEvent("key-needed", { detail: refusal }));
  throw refusal;
}

async function refusalOf(response) {
  let message = `The server answered with status ${response.status}.`;
  try {
    message = (await response.json()).error.message;
  } catch {
    // not one of our refusals: something between us and the server answered
  }
  return new Refusal(response.status, message, Number(response.headers.get("Retry-After")) || 0);
}

/** Fetch a part of the page that the server rendered and sanitised. */
export async function part(path, options) {
  const response = await send(path, options);
  if (!response.headers.get("Content-Type")?.startsWith("text/html")) {
    throw new Refusal(response.status, "The server sent something else than a part of the page.");
  }
  return nodesOf(await response.text());
}

/** Parse HTML of this server; scripts in it never run. */
export function nodesOf(html) {
  const template = document.createElement("template");
  template.innerHTML = policy ? policy.createHTML(html) : html;
  return template.content;
}

export function clone(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}
