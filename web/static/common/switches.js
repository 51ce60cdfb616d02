// Large text (kept in a cookie, so that pages come in the right size) and the other language, on every residents' page.

const sizes = ["18", "22", "26", "30"];
const year = 60 * 60 * 24 * 365;

export function currentSize() {
  return document.body.dataset.size ?? "";
}

export function chooseSize(size) {
  const age = size ? year : 0;
  document.cookie = `linli_size=${size}; path=/; max-age=${age}; samesite=lax`;
  show(size);
  window.dispatchEvent(new Event("resize"));
}

function show(size) {
  const body = document.body;
  if (size) Object.assign(body.dataset, { size, weuiMode: "care" });
  else for (const name of ["size", "weuiMode"]) delete body.dataset[name];
  document.getElementById("size-switch").setAttribute("aria-pressed", String(Boolean(size)));
  document.getElementById("sizes").hidden = !size;
  for (const button of stepButtons()) button.disabled = next(button) === undefined;
}

function next(button) {
  return sizes[sizes.indexOf(currentSize()) + Number(button.dataset.step)];
}

function stepButtons() {
  return document.querySelectorAll("#sizes [data-step]");
}

export async function chooseLanguage(language) {
  await fetch("/chat/language", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Linli": "1" },
    body: JSON.stringify({ language }),
  });
  location.reload();
}

export function wireSwitches() {
  document.getElementById("size-switch").addEventListener("click", () => chooseSize(currentSize() ? "" : sizes[0]));
  for (const button of stepButtons()) button.addEventListener("click", () => chooseSize(next(button)));
  const language = document.getElementById("language-switch");
  language?.addEventListener("click", () => chooseLanguage(language.dataset.language).catch(() => {}));
  show(currentSize());
}

if (document.getElementById("size-switch")) wireSwitches();
