// Entries with their quoted characters marked, fetched once for the tip and the panel.

import { part } from "./chat_api.js";

const MOST_KEPT = 60;
const kept = new Map();

/** Return the entry that a source of an answer quotes, as a node of one's own. */
export async function entryOf({ entry, span }) {
  const path = `/page/sources/${encodeURIComponent(entry)}?${span}`;
  if (!kept.has(path)) {
    if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value);
    kept.set(path, await fetched(path));
  }
  return kept.get(path).cloneNode(true);
}

/** Return the blocks of an entry that hold the quote. */
export function contextOf(entryPart) {
  return [...entryPart.querySelector(".prose").children].filter((block) => block.matches(":has(mark)"));
}

async function fetched(path) {
  const entryPart = (await part(path)).firstElementChild;
  // its headings may be called like parts of this page
  for (const named of entryPart.querySelectorAll("[id]")) named.removeAttribute("id");
  for (const anchor of entryPart.querySelectorAll(".anchor")) anchor.remove();
  return entryPart;
}
