// Past conversations: search, rename, delete with a way back.

import { clone, page, part, root, send } from "./chat_api.js";
import { toast } from "./chat_status.js";

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
    document.addEventListener("conversation-begun", () => this.load());
    addEventListener("pagehide", () => this.leaving.forEach((delete_) => delete_(true)));
  }

  /** Show the conversations whose title holds what is searched for. */
  async load(after = "") {
    const query = new URLSearchParams({ search: this.search.value.trim() });
    if (after) query.set("after", after);
    try {
      const found = await part(`/page/conversations?${query}`);
      if (after) this.#append(found);
      else this.list.replaceChildren(found);
      this.#mark();
    } catch (error) {
      toast(`The conversations could not be listed. ${error.status ? error.message : ""}`);
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

  #rename(item) {
    const link = item.querySelector("a");
    const form = clone("rename-form");
    const input = form.elements.title;
    const close = () => {
      form.remove();
      item.classList.remove("renaming");
      item.querySelector('[data-action="rename"]').focus();
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
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const title = input.value.trim();
      if (title && title !== link.textContent) await this.#retitle(item, title);
      close();
    });
  }

  async #retitle(item, title) {
    try {
      const path = `/conversations/${item.dataset.conversation}`;
      const kept = await (await send(path, { method: "PATCH", body: { title } })).json();
      item.querySelector("a").textContent = kept.title;
      for (const [action, verb] of [["rename", "Rename"], ["delete", "Delete"]]) {
        item.querySelector(`[data-action="${action}"]`).setAttribute("aria-label", `${verb} “${kept.title}”`);
      }
    } catch (error) {
      toast(`It could not be renamed. ${error.message}`);
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
        toast(`It could not be deleted. ${error.message}`);
      }
    };
    const timer = setTimeout(finish, UNDO_MS, false);
    this.leaving.set(id, finish);
    (item.nextElementSibling ?? item.previousElementSibling)?.querySelector("a").focus();
    toast("The conversation is deleted.", "Undo", () => {
      clearTimeout(timer);
      this.leaving.delete(id);
      item.hidden = false;
      item.querySelector("a").focus();
    });
  }
}
