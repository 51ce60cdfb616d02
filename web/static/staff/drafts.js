// What somebody typed is kept in this tab until it went through: a lost session or a reload loses nothing.
const sign = "draft:";

export function keepDrafts() {
  document.addEventListener("input", (event) => { if (event.target.matches("[data-draft]")) keep(event.target); });
  document.body.addEventListener("htmx:beforeOnLoad", (event) => { if (event.detail.xhr.status < 400) forget(event.detail.elt); });
  document.addEventListener("submit", (event) => { if (!event.defaultPrevented) forget(event.target); });
  document.body.addEventListener("htmx:afterSwap", restoreAll);
  for (const form of document.querySelectorAll("form[data-leaves]")) form.addEventListener("submit", forgetAll);
  restoreAll();
}

function keyOf(field) {
  return `${sign}${location.pathname}#${field.id}`;
}

function keep(field) {
  if (field.value.trim()) sessionStorage.setItem(keyOf(field), field.value);
  else sessionStorage.removeItem(keyOf(field));
}

function forget(form) {
  if (!(form instanceof HTMLFormElement)) return;
  for (const field of form.querySelectorAll("[data-draft]")) sessionStorage.removeItem(keyOf(field));
}

function forgetAll() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(sign)) sessionStorage.removeItem(key);
}

function restoreAll() {
  for (const field of document.querySelectorAll("[data-draft]")) {
    const kept = sessionStorage.getItem(keyOf(field));
    if (kept && !field.value) field.value = kept;
  }
}
