// The text field: grows with the words, keeps a draft, sends by Enter (Shift+Enter: new line), says when it is too long.

import { byId, facts, recall, remember, t } from "./facts.js";
import { addPhotos, hasPhotos, takePhotos, wirePhotos } from "./photos.js";
import { stopListening, wireVoice } from "./voice.js";

const form = byId("composer");
const field = byId("text");
const button = byId("send");
const note = byId("note");
const left = byId("left");
const draftKey = "linli-draft";
const warnBelow = 200;

// `onSend({text, photos})` is called once for each message that the person sends.
export function wireComposer(onSend) {
  wirePhotos({ onChange: refresh, onNote: showNote });
  wireVoice(setText, showNote);
  field.addEventListener("input", refresh);
  window.addEventListener("resize", refresh);
  field.addEventListener("keydown", (event) => isSendKey(event) && (event.preventDefault(), send(onSend)));
  field.addEventListener("paste", pastePhotos);
  form.addEventListener("submit", (event) => (event.preventDefault(), send(onSend)));
  setText(recall(draftKey) ?? "");
}

// While an input method composes characters, Enter chooses one of them (Safari says so only by keyCode 229).
function isSendKey(event) {
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
}

function send(onSend) {
  const text = field.value.trim();
  if (tooMany() > 0) return showNote(t("too_long"));
  if (!text && !hasPhotos()) return;
  stopListening();
  const photos = takePhotos();
  setText("");
  showNote("");
  onSend({ text, photos });
  field.focus();
}

function setText(text) {
  field.value = text;
  refresh();
}

function refresh() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
  button.disabled = !field.value.trim() && !hasPhotos();
  remember(draftKey, field.value || null);
  showLeft();
}

function tooMany() {
  return [...field.value].length - facts.limits.text;
}

function showLeft() {
  const rest = -tooMany();
  left.hidden = rest >= warnBelow;
  left.classList.toggle("composer__left_over", rest < 0);
  if (!left.hidden) left.textContent = rest < 0 ? t("too_long") : t("left", { count: rest });
}

function showNote(words) {
  note.hidden = !words;
  note.textContent = words;
}

function pastePhotos(event) {
  const files = [...event.clipboardData.files];
  if (files.length === 0) return;
  event.preventDefault();
  addPhotos(files);
}
