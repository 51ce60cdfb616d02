// Where the person is in the thread: keeps the newest in sight, or says how many are new; asks for older ones at the top.

import { byId, t } from "./facts.js";

const scroll = byId("scroll");
const pill = byId("pill");
const near = 80;
let unread = 0;
let stuck = true;
let height = 0;

export function toNewest() {
  stuck = true;
  unread = 0;
  scroll.scrollTop = scroll.scrollHeight;
  showPill();
}

// Call after items were added at the end; `count` of them came from others.
export function afterNew(count) {
  if (stuck) return toNewest();
  unread += count;
  showPill();
}

// Runs `change` (which adds older items above) without moving what the person reads.
export function holdingPlace(change) {
  const below = scroll.scrollHeight - scroll.scrollTop;
  change();
  scroll.scrollTop = scroll.scrollHeight - below;
}

// A scroll event while the height changes comes from the layout (larger text, a keyboard), not from the person.
export function wireScroll(onTop) {
  scroll.addEventListener("scroll", () => {
    if (height === scroll.scrollHeight + scroll.clientHeight) stuck = distance() < near;
    height = scroll.scrollHeight + scroll.clientHeight;
    if (stuck) unread = 0;
    showPill();
    if (scroll.scrollTop < near) onTop();
  });
  pill.addEventListener("click", toNewest);
  const growth = new ResizeObserver(() => stuck && toNewest());
  for (const element of [scroll, byId("log")]) growth.observe(element);
  window.visualViewport?.addEventListener("resize", fitKeyboard);
}

function distance() {
  return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight;
}

function showPill() {
  pill.hidden = stuck || (unread === 0 && distance() < scroll.clientHeight);
  pill.textContent = unread ? `↓ ${t("new_messages", { count: unread })}` : `↓ ${t("to_newest")}`;
}

// Safari on iPhones lays the keyboard over the page instead of making it smaller.
function fitKeyboard() {
  const { height, scale } = window.visualViewport;
  if (scale === 1) document.documentElement.style.setProperty("--height", `${height}px`);
}
