// One conversation of the Vercel AI SDK with a server: node client.mjs WHAT URL; prints JSON.

import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { embedMany, generateText, streamText } from "ai";

const [what, url] = process.argv.slice(2);
const prompt = "What is a table lamp?";
const name = "ai-factory-chat";
const compatible = createOpenAICompatible({
  name: "glossary",
  baseURL: `${url}/v1`,
  apiKey: "none",
  includeUsage: true,
});
const openai = createOpenAI({ baseURL: `${url}/v1`, apiKey: "none" });

function sourcesOf(sources) {
  return sources.map(({ sourceType, url, title }) => ({ sourceType, url, title }));
}

async function whole(model) {
  const answer = await generateText({ model, prompt, maxRetries: 0 });
  return {
    text: answer.text,
    finishReason: answer.finishReason,
    usage: answer.usage,
    sources: sourcesOf(answer.sources),
    body: answer.response.body,
  };
}

async function stream(model) {
  const answer = streamText({ model, prompt, maxRetries: 0, includeRawChunks: true });
  const deltas = [];
  const sources = [];
  const raw = [];
  for await (const part of answer.fullStream) {
    if (part.type === "text-delta") deltas.push(part.text);
    if (part.type === "source") sources.push(part);
    if (part.type === "raw") raw.push(part.rawValue);
    if (part.type === "error") throw part.error;
  }
  return {
    deltas,
    text: await answer.text,
    finishReason: await answer.finishReason,
    usage: await answer.totalUsage,
    sources: sourcesOf(sources),
    annotations: raw.flatMap((chunk) => chunk.choices?.[0]?.delta?.annotations ?? []),
  };
}

async function failure(model) {
  try {
    await generateText({ model, prompt, maxRetries: 0 });
  } catch (error) {
    return { status: error.statusCode, message: error.message, retryable: error.isRetryable };
  }
  return null;
}

async function abort(model) {
  const stop = new AbortController();
  const answer = streamText({ model, prompt, maxRetries: 0, abortSignal: stop.signal });
  const deltas = [];
  for await (const part of answer.fullStream) {
    if (part.type === "text-delta") deltas.push(part.text);
    if (deltas.length === 1) stop.abort();
    if (part.type === "abort") break;
  }
  return { deltas };
}

async function embeddings() {
  const model = compatible.embeddingModel("all-MiniLM-L6-v2");
  const { embeddings } = await embedMany({ model, values: ["lamp", "fan"], maxRetries: 0 });
  return embeddings.map((vector) => vector.length);
}

const conversations = {
  all: async () => ({
    compatible: { whole: await whole(compatible(name)), stream: await stream(compatible(name)) },
    openai: { whole: await whole(openai.chat(name)), stream: await stream(openai.chat(name)) },
    failure: await failure(compatible("gpt-9")),
    embeddings: await embeddings(),
  }),
  abort: () => abort(compatible(name)),
};

console.log(JSON.stringify(await conversations[what]()));
