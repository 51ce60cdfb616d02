// What residents' pages do better with a script: forms sent once, photos shown and checked before, dictation.

import { canDictate, dictate } from "../common/dictation.js";

for (const form of document.querySelectorAll("form[data-once]")) sendOnce(form);
for (const input of document.querySelectorAll(".attach__input")) wirePhotos(input);
if (canDictate) for (const button of document.querySelectorAll("[data-dictate]")) wireDictation(button);

// The server takes a form once in any case; this spares the person the wait for the second answer.
function sendOnce(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => (sent = false));
}

function wirePhotos(input) {
  const list = input.parentElement.querySelector(".chosen");
  const problem = input.parentElement.querySelector("form > .problem");
  input.addEventListener("change", () => {
    const words = problemOf(input);
    problem.textContent = words;
    problem.hidden = !words;
    if (words) input.value = "";
    show([...input.files], list, input.dataset.alt);
  });
}

function problemOf({ files, dataset }) {
  const all = [...files];
  if (all.some((file) => !file.type.startsWith("image/"))) return dataset.noImage;
  if (all.some((file) => file.size > Number(dataset.bytes))) return dataset.tooLarge;
  return all.length > Number(dataset.most) ? dataset.tooMany : "";
}

function show(files, list, alt) {
  for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
  list.replaceChildren(...files.map((file) => picture(file, alt)));
  list.hidden = files.length === 0;
}

function picture(file, alt) {
  const item = document.createElement("li");
  item.append(Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt }));
  return item;
}

function wireDictation(button) {
  const field = document.getElementById(button.dataset.dictate);
  let listening = null;
  const pressed = (on) => button.setAttribute("aria-pressed", String(on));
  const onEnd = () => {
    listening = null;
    pressed(false);
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    if (listening) return listening.stop();
    const onFailed = () => (field.placeholder = button.dataset.failed);
    listening = dictate(field.value, document.documentElement.lang.slice(0, 2), { onText: (text) => (field.value = text), onFailed, onEnd });
    pressed(true);
  });
}
