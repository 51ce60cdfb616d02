// The thread: stored items in the order of their seq, each once, with the time between them where it helps.

import { drawItem } from "./bubble.js";
import { byId, make, t } from "./facts.js";
import { needsMoment, showMoment } from "./time.js";

const list = byId("thread");
const pending = byId("pending");
const shown = new Map(); // seq -> { element, drawn }
let press = () => {};

export function onPress(listener) {
  press = listener;
}

export function firstSeq() {
  return shown.size ? Math.min(...shown.keys()) : null;
}

export function isEmpty() {
  return shown.size === 0 && pending.children.length === 0;
}

// Puts items in place; an item that is there already is drawn anew only when it changed. Gives back the new ones.
export function putItems(items) {
  return items.filter((item) => {
    const known = shown.get(item.seq);
    const drawn = looks(item);
    if (known?.drawn === drawn) return false;
    place(item, drawn, known);
    return !known;
  });
}

// What can be seen of an item: an own one comes back from the server with another time, which is no reason to draw it anew.
function looks({ text, files = [], buttons = [], link = null }) {
  return JSON.stringify([text, files.map((file) => file.url), buttons, link]);
}

// Staff have the person's words before them: the last own item says so.
export function markSeen() {
  for (const mark of list.querySelectorAll(".item__seen")) mark.remove();
  const last = [...list.querySelectorAll(".item_me")].at(-1);
  last?.querySelector(".item__body").append(make("p", "item__seen", t("staff_saw")));
}

function place(item, drawn, known) {
  const element = drawItem(item, press);
  element.dataset.seq = item.seq;
  if (known) known.element.replaceWith(element);
  else list.insertBefore(element, follower(item.seq));
  shown.set(item.seq, { element, drawn });
  markMoment(element);
  if (element.nextElementSibling) markMoment(element.nextElementSibling);
}

function follower(seq) {
  let after = null;
  for (let each = list.lastElementChild; each && Number(each.dataset.seq) > seq; each = each.previousElementSibling) after = each;
  return after;
}

function markMoment(element) {
  const at = new Date(element.dataset.at);
  const before = element.previousElementSibling;
  element.querySelector(".item__when")?.remove();
  if (!needsMoment(before && new Date(before.dataset.at), at)) return;
  const moment = make("time", "item__when", showMoment(at));
  moment.dateTime = element.dataset.at;
  element.prepend(moment);
}
