// Dictation into the text field; in a browser that cannot listen the button stays hidden.

import { canDictate, dictate } from "../common/dictation.js";
import { byId, facts, t } from "./facts.js";

const button = byId("voice");
const field = byId("text");
let listening = null;

export function wireVoice(onText, onNote) {
  if (!canDictate) return;
  button.hidden = false;
  button.addEventListener("click", () => (listening ? listening.stop() : start(onText, onNote)));
}

function start(onText, onNote) {
  onNote("");
  listening = dictate(field.value, facts.language, { onText, onFailed: () => onNote(t("voice_failed")), onEnd: end });
  showListening(true);
}

function end() {
  listening = null;
  showListening(false);
}

function showListening(on) {
  button.setAttribute("aria-pressed", String(on));
  button.setAttribute("aria-label", t(on ? "voice_on" : "voice"));
}

export function stopListening() {
  listening?.abort();
}
