// Signing in. Without it a right key leads to the page, here also to the place within it.

const form = document.getElementById("key-form");
const next = form.elements.next;

next.value += location.hash; // the server never sees it

// The browser keeps the cookie back when a page elsewhere leads here. Asking again from here sends it.
if ("crossing" in form.dataset) location.replace(`${form.action}?${new URLSearchParams({ next: next.value })}`);
