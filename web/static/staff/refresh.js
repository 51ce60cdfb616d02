// Puts the changed parts of the page in anew (the #refresher of console.html), never under somebody's hands.
import { say } from "./wiring.js";

const often = 120_000;
let before = new Set();
let waits = false;

// Also while the tab is hidden, so that its title counts; the server is told that nobody looks. While a form is on its
// way it waits for the answer, which draws the page too: drawn before it, the page would be drawn again under the hands
// of who goes on.
export function refresh() {
  waits = document.querySelector("form.htmx-request") !== null;
  if (!waits) window.htmx?.trigger("#refresher", "refresh");
}

export function keepFresh() {
  const refresher = document.getElementById("refresher");
  if (!refresher) return;
  refresher.addEventListener("htmx:configRequest", ({ detail }) => {
    detail.path = location.pathname + location.search;
    detail.headers["X-Linli-By-Itself"] = document.hidden ? "unseen" : "seen";
  });
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => { if (isInUse(event.detail.target)) event.detail.shouldSwap = false; });
  document.body.addEventListener("htmx:beforeRequest", () => { before = new Set(rows().map((row) => row.id)); });
  document.body.addEventListener("htmx:afterRequest", () => { if (waits) refresh(); });
  document.body.addEventListener("htmx:afterSettle", () => { markFresh(); lookAgain(); scrollDown(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
  setInterval(() => { if (!document.hidden) refresh(); }, often);
  lookAgain();
  scrollDown(true);
}

// A part in which somebody types, chooses or opened something stays as it is; what the page opened itself does not count.
function isInUse(part) {
  if (part.querySelector(":popover-open")) return true;
  if (!part.matches("[data-typing]")) return false;
  const typed = [...part.querySelectorAll("textarea")].some((field) => field.value.trim());
  return typed || part.contains(document.activeElement) || part.querySelector("details[open]:not([data-open])") !== null;
}

function rows() {
  return [...document.querySelectorAll("[data-rows] > [id]")];
}

function markFresh() {
  const fresh = before.size ? rows().filter((row) => !before.has(row.id)) : [];
  for (const row of fresh) row.classList.add("row_fresh");
  if (fresh.length) say("new");
}

// A message on its way is looked at again soon, so that "delivered" appears by itself.
function lookAgain() {
  const part = document.querySelector("[data-again]");
  if (part && !part.dataset.looked) {
    part.dataset.looked = "1";
    setTimeout(refresh, Number(part.dataset.again));
  }
}

function scrollDown(first = false) {
  const said = document.querySelector("[data-scrolls] .talk__said");
  if (!said) return;
  const nearEnd = said.scrollHeight - said.scrollTop - said.clientHeight < 200;
  if (first || nearEnd || said.scrollTop === 0) said.scrollTop = said.scrollHeight;
}
