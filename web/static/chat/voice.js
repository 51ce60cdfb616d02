// Dictation into the text field, where the browser has speech recognition; elsewhere the button stays hidden.

import { byId, facts, t } from "./facts.js";

const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
const button = byId("voice");
const field = byId("text");
let listening = null;

export function wireVoice(onText, onNote) {
  if (!Recognition) return;
  button.hidden = false;
  button.addEventListener("click", () => (listening ? listening.stop() : start(onText, onNote)));
}

function start(onText, onNote) {
  const before = field.value ? `${field.value.trimEnd()} ` : "";
  listening = new Recognition();
  Object.assign(listening, { lang: facts.language === "zh" ? "zh-CN" : "en-GB", interimResults: true, continuous: true });
  listening.onresult = (event) => onText(before + [...event.results].map((result) => result[0].transcript).join(""));
  listening.onerror = (event) => event.error !== "aborted" && onNote(t("voice_failed"));
  listening.onend = () => {
    listening = null;
    showListening(false);
  };
  onNote("");
  listening.start();
  showListening(true);
}

function showListening(on) {
  button.setAttribute("aria-pressed", String(on));
  button.setAttribute("aria-label", t(on ? "voice_on" : "voice"));
}

export function stopListening() {
  listening?.abort();
}
