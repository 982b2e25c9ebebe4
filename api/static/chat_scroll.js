// Where the reader is in the thread: on the way to a new question, and after coming back.

const FAR_WINDOWS = 2;
const SETTLING_FRAMES = 12; // turns get their true height when they first come into view
const NEAR_PX = 4;
const SLOWEST_SCROLL_MS = 1500;
const RESTING_MS = 150;

/** Bring the last turn of the thread to the top, however far away it is. */
export async function arriveAtLast(thread) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  settling += 1;
  await painted();
  await painted(); // the turn before is measured anew once it is not the last any more
  const away = thread.lastElementChild.getBoundingClientRect().top - topOf(thread.lastElementChild);
  if (!calm && Math.abs(away) <= FAR_WINDOWS * innerHeight) {
    scrollBy({ top: away, behavior: "smooth" });
    if (!(await scrolledByItself())) return;
  }
  await settleAt(() => thread.lastElementChild, () => topOf(thread.lastElementChild));
}

/** Begin at the last question of a conversation; whoever comes back, at the place they left. */
export function beginAtPlace(thread, isAsking) {
  addEventListener("scroll", () => rest(thread), { passive: true });
  addEventListener("click", () => keepPlace(thread), { capture: true }); // it may lead away
  if (isAsking) return;
  history.scrollRestoration = "manual"; // it counts pixels, and these depend on what was rendered
  const [navigation] = performance.getEntriesByType("navigation");
  const left = history.state?.place;
  const turns = turnsOf(thread);
  if (navigation?.type === "navigate" || !left) {
    if (turns.length > 1 && !location.hash) settleAt(() => turns.at(-1), () => topOf(turns.at(-1)));
  } else {
    const turn = turns.find(({ id }) => id === left.turn);
    if (turn) settleAt(() => turn, () => left.top);
  }
}

let resting;
let settling = 0; // the latest of those who move the page moves it alone

function rest(thread) {
  clearTimeout(resting);
  resting = setTimeout(() => keepPlace(thread), RESTING_MS);
}

function keepPlace(thread) {
  const tops = turnsOf(thread).map((turn) => ({ turn: turn.id, top: Math.round(turn.getBoundingClientRect().top) }));
  if (!tops.length) return;
  const read = innerHeight / 3; // the turn that begins nearest to it: above it the width may change heights
  const place = tops.reduce((best, one) => (Math.abs(one.top - read) < Math.abs(best.top - read) ? one : best));
  history.replaceState({ ...history.state, place }, "");
}

const painted = () => new Promise(requestAnimationFrame);
const turnsOf = (thread) => [...thread.querySelectorAll(".turn[data-answer]")];
const topOf = (element) => Number.parseFloat(getComputedStyle(element).scrollMarginTop) || 0;

/** Resolve to whether the scrolling that has begun went on without the reader's doing. */
function scrolledByItself() {
  return new Promise((resolve) => {
    const done = new AbortController();
    const end = (byItself) => {
      clearTimeout(timer);
      done.abort();
      resolve(byItself);
    };
    const timer = setTimeout(end, SLOWEST_SCROLL_MS, true);
    addEventListener("scrollend", () => end(true), { signal: done.signal });
    for (const name of ["wheel", "touchmove"]) {
      addEventListener(name, () => end(false), { signal: done.signal, passive: true });
    }
  });
}

/** Hold an element at a distance from the top of the window while what is around it gets its height. */
async function settleAt(elementOf, topWanted) {
  const mine = ++settling;
  for (let frame = 0; frame < SETTLING_FRAMES; frame += 1) {
    const element = elementOf();
    if (mine !== settling || !element?.isConnected) return;
    const off = element.getBoundingClientRect().top - topWanted();
    if (Math.abs(off) > NEAR_PX) scrollBy({ top: off, behavior: "instant" });
    await painted();
  }
}
