// Requests to the server: refusals, and parts of the page as safe DOM nodes.

import { anotherKey } from "./chat_key.js";

const policy = globalThis.trustedTypes?.createPolicy("aifactory-part", { createHTML: (html) => html });

export const page = () => document.getElementById("chat");
export const root = () => page().dataset.root;

/** Why the server did not do what was asked; `kind` is the class of its error, "" when it has none. */
export class Refusal extends Error {
  constructor(status, message, { kind = "", waitS = 0 } = {}) {
    super(message);
    this.status = status;
    this.kind = kind;
    this.waitS = waitS;
  }
}

/** Return what to tell people of an error: the sentence for its kind, else what the server said. */
export function sentenceOf(error) {
  if (!(error instanceof Refusal)) return "The server cannot be reached.";
  const sentences = document.getElementById("refusal-sentences").content;
  return sentences.querySelector(`[data-kind="${CSS.escape(error.kind)}"]`)?.textContent ?? error.message;
}

/**
 * Send a request; resolves to its response, rejects with a Refusal or what `fetch` rejects with.
 * The browser adds the API key; when it does not do, another one is asked for and the request sent again.
 */
export async function send(path, { method = "GET", body, headers = {}, ...more } = {}) {
  const sent = { ...headers };
  if (body !== undefined) sent["Content-Type"] = "application/json";
  const request = { method, headers: sent, body: body === undefined ? undefined : JSON.stringify(body), ...more };
  let response = await fetch(root() + path, request);
  if (response.status === 401 && (await anotherKey())) response = await fetch(root() + path, request);
  if (response.ok) return response;
  throw await refusalOf(response);
}

async function refusalOf(response) {
  const waitS = Number(response.headers.get("Retry-After")) || 0;
  try {
    const { type: kind, message } = (await response.json()).error;
    return new Refusal(response.status, message, { kind, waitS });
  } catch {
    // not one of our refusals: something between us and the server answered
    return new Refusal(response.status, `The server answered with status ${response.status}.`, { waitS });
  }
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
