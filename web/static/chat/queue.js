// The person's own messages until they are stored: one at a time, in order, each once by its UUID, again and again until
// the server has it. `sending` -> gone | `waiting` (no connection) -> `sending` | `failed` (refused; the person decides).

import { Later, Refused, sendMessage, uploadPhoto } from "./api.js";
import { newId } from "./facts.js";
import { forget, keep, keptEntries } from "./store.js";

const longestWait = 20;
const waits = { tries: 0, timer: null };
let entries = [];
let order = 0;
let running = false;
let tell = {}; // onChange(entry), onProgress(entry, index, part), onStored(entry, seq), onGone(entry), onTrouble(reason | null)

export async function startQueue(listeners) {
  tell = listeners;
  const kept = await keptEntries();
  entries = [...kept.filter((old) => !entries.some((entry) => entry.id === old.id)), ...entries];
  for (const entry of entries) tell.onChange(entry);
  run();
}

export function enqueue({ text = "", button = null, photos = [] }) {
  order = Math.max(Date.now(), order + 1);
  const entry = { id: newId(), order, at: new Date().toISOString(), state: "sending", words: "", text, button };
  entry.photos = photos.map((blob) => ({ blob, file: null, url: null }));
  entries.push(entry);
  tell.onChange(entry);
  keep(entry).then(run);
}

export function retry(id) {
  const entry = entries.find((each) => each.id === id);
  if (!entry) return;
  change(entry, "sending");
  wake();
}

// Also called when the thread shows that a message has arrived by another way (a second tab, an answer that was lost).
export function drop(id) {
  const entry = entries.find((each) => each.id === id);
  if (!entry) return;
  entries = entries.filter((each) => each !== entry);
  forget(id);
  tell.onGone(entry);
}

export function wake() {
  clearTimeout(waits.timer);
  waits.tries = 0;
  run();
}

async function run() {
  if (running) return;
  running = true;
  clearTimeout(waits.timer);
  try {
    for (let entry = nextEntry(); entry; entry = nextEntry()) {
      if (!(await sendEntry(entry))) break;
    }
  } finally {
    running = false;
  }
}

function nextEntry() {
  return entries.find((entry) => entry.state !== "failed");
}

async function sendEntry(entry) {
  if (entry.state !== "sending") change(entry, "sending");
  try {
    await uploadPhotos(entry);
    const { seq } = await sendMessage(bodyOf(entry));
    waits.tries = 0;
    tell.onTrouble(null);
    if (entries.includes(entry)) tell.onStored(entry, seq);
    drop(entry.id);
    return true;
  } catch (error) {
    return afterFailure(entry, error);
  }
}

function afterFailure(entry, error) {
  if (error instanceof Refused) {
    change(entry, "failed", error.message);
    return true;
  }
  if (!(error instanceof Later)) throw error;
  for (const each of entries) if (each.state === "sending") change(each, "waiting");
  tell.onTrouble(error.reason);
  waits.timer = setTimeout(run, 1000 * (error.wait || Math.min(longestWait, 2 ** waits.tries++)));
  return false;
}

async function uploadPhotos(entry) {
  for (const [index, photo] of entry.photos.entries()) {
    if (photo.file) continue;
    const stored = await uploadPhoto(photo.blob, (part) => tell.onProgress(entry, index, part));
    Object.assign(photo, stored);
    await keep(entry);
  }
}

function bodyOf({ id, text, button, photos }) {
  if (button) return { id, button };
  return photos.length ? { id, files: photos.map((photo) => photo.file), text } : { id, text };
}

function change(entry, state, words = "") {
  Object.assign(entry, { state, words });
  keep(entry);
  tell.onChange(entry);
}
