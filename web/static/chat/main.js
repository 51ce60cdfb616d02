// The chat page, wired together: the thread as stored, the line to the server, the person's own queue, the text field.

import "../common/switches.js";
import { Later, loadThread } from "./api.js";
import { wireComposer } from "./composer.js";
import { byId, facts, t } from "./facts.js";
import { lookAgain, reconnect, startLive } from "./live.js";
import { itemOf, removeEntry, showEntry, showProgress } from "./pending.js";
import { hasPhotos } from "./photos.js";
import { drop, enqueue, startQueue, wake } from "./queue.js";
import { afterNew, holdingPlace, toNewest, wireScroll } from "./scroll.js";
import { firstSeq, isEmpty, onPress, putItems } from "./thread.js";

const pageSize = 30;
const patience = { line: 4_000, typing: 45_000, again: 3_000, reading: 1_200 };
const seen = { last: 0, more: false, loading: false, line: true };
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
  showEmpty();
  afterNew(fresh.filter((item) => item.from !== "me").length);
}

async function begin() {
  try {
    const { items, more } = await loadThread(null, pageSize);
    seen.more = more;
    receive(items);
    toNewest();
    startLive({ after: () => seen.last, onItems: (items) => (receive(items), followLanguage(items)), onTyping: showTyping, onLine: showLine });
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

function showTyping(on) {
  clearTimeout(timers.typing);
  byId("typing").hidden = !on;
  if (!on) return;
  afterNew(0);
  timers.typing = setTimeout(() => showTyping(false), patience.typing);
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
byId("older").addEventListener("click", loadOlder);
for (const choice of document.querySelectorAll("[data-say]")) choice.addEventListener("click", () => say({ text: choice.textContent.trim() }));
window.addEventListener("online", () => (wake(), reconnect()));
startQueue(listeners);
begin();
