// What is said to everybody: the live region for screen readers, and short messages at the edge.

const TOAST_MS = 6000;
let timer;

/** Have screen readers say a message. */
export function announce(message) {
  document.getElementById("status").textContent = message;
}

/** Show a message for a while, with an action such as "Undo"; returns a function that hides it. */
export function toast(message, label = "", act = null) {
  const element = document.getElementById("toast");
  clearTimeout(timer);
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
  element.hidden = false;
  const hide = () => {
    element.hidden = true;
    clearTimeout(timer);
  };
  timer = setTimeout(hide, TOAST_MS);
  return hide;
}

export function counted(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
