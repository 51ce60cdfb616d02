// The chat page, wired together: the thread as stored, the line to the server, the person's own queue, the text field.

import "../common/switches.js";
import { Later, loadThread } from "./api.js";
import { wireComposer } from "./composer.js";
import { byId, facts, t } from "./facts.js";
import { lookAgain, reconnect, startLive, tellStaff } from "./live.js";
import { itemOf, removeEntry, showEntry, showProgress } from "./pending.js";
import { hasPhotos } from "./photos.js";
import { drop, enqueue, startQueue, wake } from "./queue.js";
import { afterNew, holdingPlace, toNewest, wireScroll } from "./scroll.js";
import { firstSeq, isEmpty, markSeen, onPress, putItems } from "./thread.js";

const pageSize = 30;
const patience = { line: 4_000, typing: 45_000, again: 3_000, reading: 1_200, staff: 6_000, told: 3_000 };
const seen = { last: 0, more: false, loading: false, line: true, typed: 0, withStaff: false };
const timers = {};
const reloadedKey = "linli-reloaded";

function say(message) {
  enqueue(message);
  toNewest();
}

function receive(items) {
  const fresh = putItems(items);
  for (const item of items) {
    seen.last = Math.max(seen.last, item.seq);
    if (item.id) drop(item.id);
  }
  if (fresh.some((item) => item.from !== "me")) showTyping(false);
  const theirs = items.filter((item) => item.from !== "me");
  if (theirs.length) seen.withStaff = theirs.at(-1).from === "staff";
  if (theirs.some((item) => item.from === "staff" || item.link)) tellShown();
  showEmpty();
  afterNew(fresh.filter((item) => item.from !== "me").length);
}

async function begin() {
  try {
    const { items, more } = await loadThread(null, pageSize);
    seen.more = more;
    receive(items);
    toNewest();
    startLive({ after: () => seen.last, onItems: (items) => (receive(items), followLanguage(items)), onTyping: showTyping, onSeen: markSeen, onLine: (up) => (showLine(up), up && tellShown()) });
    setTimeout(() => byId("log").setAttribute("aria-live", "polite"), 500);
  } catch (error) {
    if (!(error instanceof Later)) throw error;
    if (error.reason === "unknown") return askForCookie();
    showLine(false);
    setTimeout(begin, patience.again);
  }
}

// Who asks for another language in the chat gets the page in it as well; what was typed is kept, photos that were chosen are not lost.
function followLanguage(items) {
  const chosen = items.map((item) => item.speaks).filter(Boolean).pop();
  if (chosen && chosen !== facts.language && navigator.onLine && !hasPhotos()) setTimeout(() => location.reload(), patience.reading);
}

async function loadOlder() {
  if (!seen.more || seen.loading) return;
  seen.loading = true;
  showOlder("older");
  try {
    const { items, more } = await loadThread(firstSeq(), pageSize);
    seen.more = more;
    byId("log").setAttribute("aria-busy", "true");
    holdingPlace(() => (putItems(items), showOlder(null)));
    byId("log").removeAttribute("aria-busy");
  } catch {
    showOlder("older_failed");
  }
  seen.loading = false;
}

function showOlder(word) {
  byId("older").hidden = !word;
  if (word) byId("older").textContent = t(word);
}

// Staff see how far this page has shown what they wrote, once somebody can see it.
function tellShown() {
  if (document.visibilityState === "visible" && seen.last > 0) tellStaff(`seen ${seen.last}`);
}

function tellTyping() {
  if (!seen.withStaff || Date.now() - seen.typed < patience.told) return;
  seen.typed = Date.now();
  tellStaff("typing");
}

function showTyping(on, by = "linli") {
  clearTimeout(timers.typing);
  byId("typing").hidden = !on;
  byId("typing-staff").hidden = by !== "staff";
  byId("typing-linli").hidden = by === "staff";
  if (!on) return;
  afterNew(0);
  timers.typing = setTimeout(() => showTyping(false), by === "staff" ? patience.staff : patience.typing);
}

function showEmpty() {
  byId("empty").hidden = !isEmpty();
}

// A line that is lost for a moment only (a page that slept, an app that restarts) is not worth a word.
function showLine(up) {
  if (!up && !navigator.onLine) showBanner("offline");
  if (up === seen.line) return;
  seen.line = up;
  clearTimeout(timers.line);
  if (up) {
    showBanner(null);
    wake();
  } else timers.line = setTimeout(() => showBanner(navigator.onLine ? "connecting" : "offline"), patience.line);
}

function showBanner(word) {
  byId("banner").hidden = !word;
  byId("banner").textContent = word ? t(word) : "";
}

function showTrouble(reason) {
  if (reason === "unknown") return askForCookie();
  if (reason === "busy") showBanner("busy");
  else if (reason) showLine(false);
  else sessionStorage.removeItem(reloadedKey);
  if (!reason && seen.line) showBanner(null);
}

// The page itself gives the cookie that names this browser; what is unsent waits in the queue meanwhile.
function askForCookie() {
  if (sessionStorage.getItem(reloadedKey)) return showLine(false);
  sessionStorage.setItem(reloadedKey, "1");
  location.reload();
}

const listeners = {
  onChange: (entry) => (showEntry(entry), showEmpty(), afterNew(0)),
  onProgress: showProgress,
  onStored: (entry, seq) => (putItems([{ ...itemOf(entry), seq }]), lookAgain()),
  onGone: (entry) => (removeEntry(entry), showEmpty(), afterNew(0)),
  onTrouble: showTrouble,
};

onPress(({ label, message, index }) => say({ text: label, button: { message, index } }));
wireComposer(say);
wireScroll(loadOlder);
byId("text").addEventListener("input", tellTyping);
document.addEventListener("visibilitychange", tellShown);
byId("older").addEventListener("click", loadOlder);
for (const choice of document.querySelectorAll("[data-say]")) choice.addEventListener("click", () => say({ text: choice.textContent.trim() }));
window.addEventListener("online", () => (wake(), reconnect()));
startQueue(listeners);
begin();
