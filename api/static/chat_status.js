// What is said to everybody: the live region for screen readers, short messages, the title.

const TOAST_MS = 6000;
let timer;

/** Have screen readers say a message. */
export function announce(message) {
  document.getElementById("status").textContent = message;
}

/** Show a message for a while, with an action such as "Undo"; returns a function that hides it. */
export function toast(message, label = "", act = null) {
  const element = document.getElementById("toast");
  const hide = () => {
    clearTimeout(timer);
    if (element.matches(":popover-open")) element.hidePopover();
  };
  hide();
  element.showPopover(); // on top of the panel and of the list
  element.replaceChildren(message);
  if (label) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      hide();
      act();
    });
    element.append(button);
  }
  timer = setTimeout(hide, TOAST_MS);
  return hide;
}

export function counted(number, one, several = `${one}s`) {
  return `${number} ${number === 1 ? one : several}`;
}

/** Give the page the title of its conversation. */
export function entitle(title) {
  const short = title.length > 80 ? `${title.slice(0, 79)}…` : title;
  document.getElementById("title").textContent = short;
  document.title = `${short} – AI Factory Chat`;
}
