// Speech into words, where the browser has speech recognition; for the chat's text field and those of pages.

const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;

export const canDictate = Boolean(Recognition);

// Adds what is said to the words `before` until stop() or abort() is called on what is returned.
export function dictate(before, language, { onText, onFailed, onEnd }) {
  const start = before ? `${before.trimEnd()} ` : "";
  const listening = new Recognition();
  Object.assign(listening, { lang: language === "zh" ? "zh-CN" : "en-GB", interimResults: true, continuous: true });
  listening.onresult = (event) => onText(start + [...event.results].map((result) => result[0].transcript).join(""));
  listening.onerror = (event) => event.error !== "aborted" && onFailed();
  listening.onend = onEnd;
  listening.start();
  return listening;
}
