// Draws the person's own messages that are not stored yet, below the thread: being sent, waiting for a connection, refused.

import { drawItem } from "./bubble.js";
import { byId, make, t } from "./facts.js";
import { drop, retry } from "./queue.js";

const list = byId("pending");
const drawn = new Map(); // id -> { element, urls }

export function showEntry(entry) {
  const known = drawn.get(entry.id);
  const urls = known?.urls ?? entry.photos.map((photo) => URL.createObjectURL(photo.blob));
  const element = drawItem(itemOf(entry, urls), () => {});
  element.querySelector(".item__body").append(stateOf(entry));
  if (known) known.element.replaceWith(element);
  else list.append(element);
  drawn.set(entry.id, { element, urls });
}

export function showProgress(entry, index, part) {
  const picture = drawn.get(entry.id)?.element.querySelectorAll(".picture")[index];
  if (!picture) return;
  const percent = Math.round(part * 100);
  const veil = picture.querySelector(".picture__progress") ?? picture.appendChild(make("span", "picture__progress"));
  veil.textContent = `${percent}%`;
  if (percent === 100) veil.remove();
}

export function removeEntry(entry) {
  const known = drawn.get(entry.id);
  known?.element.remove();
  for (const url of known?.urls ?? []) setTimeout(() => URL.revokeObjectURL(url), 60_000);
  drawn.delete(entry.id);
}

export function itemOf({ id, text, at, photos }, urls = photos.map((photo) => photo.url)) {
  return { id, from: "me", text, at, files: urls.map((url) => ({ url })), buttons: [] };
}

function stateOf(entry) {
  const line = make("p", `state state_${entry.state}`, entry.words || t(entry.state));
  if (entry.state === "failed") line.append(action("retry", () => retry(entry.id)), action("discard", () => drop(entry.id)));
  return line;
}

function action(word, act) {
  const button = make("button", "", t(word));
  button.type = "button";
  button.addEventListener("click", act);
  return button;
}
