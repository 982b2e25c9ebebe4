// Past conversations: search, rename, delete with a way back.

import { clone, page, part, root, send, sentenceOf } from "./chat_api.js";
import { entitle, toast } from "./chat_status.js";

const TYPING_MS = 200;
const UNDO_MS = 6000;

export class History {
  constructor(aside) {
    this.aside = aside;
    this.list = aside.querySelector("#conversations");
    this.search = aside.querySelector("#history-search");
    this.leaving = new Map();
    this.search.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.load(), TYPING_MS);
    });
    this.list.addEventListener("click", (event) => this.#click(event));
    this.list.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("asking", () => this.leaving.get(page().dataset.conversation)?.undo());
    document.addEventListener("conversation-begun", () => this.load());
    addEventListener("pagehide", () => this.leaving.forEach(({ finish }) => finish(true)));
  }

  /** Show the conversations whose title holds what is searched for. */
  async load(after = "") {
    const search = this.search.value.trim();
    const query = new URLSearchParams({ search });
    if (after) query.set("after", after);
    try {
      const found = await part(`/page/conversations?${query}`);
      const none = found.querySelector(".none");
      if (none && search) none.textContent = `No conversation has “${search}” in its title.`;
      if (after) this.#append(found);
      else this.list.replaceChildren(found);
      this.#mark();
    } catch (error) {
      toast(`The conversations could not be listed. ${sentenceOf(error)}`);
    }
  }

  #append(found) {
    this.list.querySelector(".more").remove();
    this.list.querySelector("ul").append(...found.querySelectorAll("li"));
    const more = found.querySelector(".more");
    if (more) this.list.append(more);
  }

  #mark() {
    const current = page().dataset.conversation;
    for (const item of this.list.querySelectorAll("li")) {
      const isCurrent = item.dataset.conversation === current;
      item.querySelector("a").toggleAttribute("aria-current", isCurrent);
      if (isCurrent) item.querySelector("a").setAttribute("aria-current", "page");
      item.hidden = this.leaving.has(item.dataset.conversation);
    }
  }

  #click(event) {
    const button = event.target.closest("button");
    const item = event.target.closest("li");
    if (!button) return;
    if (button.dataset.action === "more") this.load(button.dataset.after);
    else if (button.dataset.action === "rename") this.#rename(item);
    else if (button.dataset.action === "delete") this.#delete(item);
  }

  /** Each row is one stop of the Tab key; the arrow keys lead on from there. */
  #key(event) {
    const item = event.target.closest("li");
    if (!item || event.target.closest("form") || event.altKey || event.ctrlKey || event.metaKey) return;
    const row = [...item.querySelectorAll("a, .conversation-tools button")];
    const place = row.indexOf(event.target);
    const shown = [...this.list.querySelectorAll("li:not([hidden])")];
    const near = (step) => shown[shown.indexOf(item) + step]?.querySelector("a");
    const to = {
      ArrowRight: row[place + 1],
      ArrowLeft: row[place - 1],
      ArrowDown: near(1),
      ArrowUp: near(-1),
    }[event.key];
    if (!to) return;
    event.preventDefault();
    to.focus();
  }

  #rename(item) {
    const link = item.querySelector("a");
    const form = clone("rename-form");
    const input = form.elements.title;
    const close = (isReturning = true) => {
      if (!form.isConnected) return;
      item.classList.remove("renaming");
      if (isReturning) item.querySelector('[data-action="rename"]').focus();
      form.remove();
    };
    const save = async (isReturning) => {
      const title = input.value.trim();
      close(isReturning);
      if (title && title !== link.textContent) await this.#retitle(item, title);
    };
    input.value = link.textContent;
    item.classList.add("renaming");
    item.prepend(form);
    input.select();
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      close();
    });
    form.addEventListener("mousedown", (event) => {
      if (event.target.closest("button")) event.preventDefault(); // the field keeps the focus
    });
    form.querySelector('[data-action="cancel"]').addEventListener("click", () => close());
    form.addEventListener("focusout", (event) => {
      if (item.classList.contains("renaming") && !form.contains(event.relatedTarget)) save(false);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      save(true);
    });
  }

  async #retitle(item, title) {
    try {
      const path = `/conversations/${item.dataset.conversation}`;
      const kept = await (await send(path, { method: "PATCH", body: { title } })).json();
      item.querySelector("a").textContent = kept.title;
      if (item.dataset.conversation === page().dataset.conversation) entitle(kept.title);
      for (const [action, verb] of [["rename", "Rename"], ["delete", "Delete"]]) {
        item.querySelector(`[data-action="${action}"]`).setAttribute("aria-label", `${verb} “${kept.title}”`);
      }
    } catch (error) {
      toast(`It could not be renamed. ${sentenceOf(error)}`);
    }
  }

  /** Hide a conversation, and delete it when there was time to undo. */
  #delete(item) {
    const id = item.dataset.conversation;
    item.hidden = true;
    const finish = async (isLeaving = false) => {
      clearTimeout(timer);
      this.leaving.delete(id);
      try {
        await send(`/conversations/${id}`, { method: "DELETE", keepalive: isLeaving });
        item.remove();
        if (id === page().dataset.conversation && !isLeaving) location.assign(`${root()}/`);
      } catch (error) {
        item.hidden = false;
        toast(`It could not be deleted. ${sentenceOf(error)}`);
      }
    };
    const timer = setTimeout(finish, UNDO_MS, false);
    const undo = () => {
      clearTimeout(timer);
      this.leaving.delete(id);
      hide();
      item.hidden = false;
    };
    this.leaving.set(id, { finish, undo });
    (item.nextElementSibling ?? item.previousElementSibling)?.querySelector("a").focus();
    const hide = toast("The conversation is deleted.", "Undo", () => {
      undo();
      item.querySelector("a").focus();
    });
  }
}
