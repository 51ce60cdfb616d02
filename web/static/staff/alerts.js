// An alert that calls this person rings when it is new, and again until somebody takes it; its minutes go on counting.
const again = 30_000;
const tick = 10_000;
const tones = [880, 660, 880];
const heardKey = "linli-alerts-heard";
let context = null;

export function ringAlerts() {
  ringNew();
  document.body.addEventListener("htmx:afterSettle", ringNew);
  document.addEventListener("pointerdown", wake, { passive: true });
  document.addEventListener("keydown", wake);
  setInterval(() => { if (takeable()) sound(); }, again);
  setInterval(count, tick);
}

function ringNew() {
  const heard = new Set(JSON.parse(sessionStorage.getItem(heardKey) ?? "[]"));
  const calls = [...document.querySelectorAll("#alerts [data-alert]")].map((alert) => alert.dataset.alert);
  if (calls.some((call) => !heard.has(call))) sound();
  sessionStorage.setItem(heardKey, JSON.stringify([...new Set([...heard, ...calls])].slice(-100)));
  count();
}

function takeable() {
  return document.querySelector("#alerts .button_alarm") !== null;
}

// Browsers let a page sound after the person has touched it; until then the banner alone is there.
function wake() {
  if (context?.state === "suspended") context.resume();
}

function sound() {
  const root = document.documentElement;
  root.dataset.rang = String(Number(root.dataset.rang ?? 0) + 1);
  context ??= new AudioContext();
  for (const [index, tone] of tones.entries()) play(tone, context.currentTime + index * 0.28);
}

function play(tone, at) {
  const oscillator = new OscillatorNode(context, { frequency: tone });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.25, at + 0.02);
  volume.gain.linearRampToValueAtTime(0, at + 0.24);
  oscillator.connect(volume).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.25);
}

function count() {
  for (const clock of document.querySelectorAll("[data-since]")) {
    const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dataset.since)) / 60_000));
    clock.textContent = clock.dataset.words.replace("{minutes}", minutes);
  }
}
