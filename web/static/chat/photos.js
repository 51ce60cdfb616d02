// Photos chosen but not sent yet: a row of small pictures over the text field, each can be taken out again.

import { byId, facts, make, t } from "./facts.js";

const row = byId("chosen");
const input = byId("photo");
let chosen = [];
let tell = {}; // onChange(), onNote(words)

export function wirePhotos(listeners) {
  tell = listeners;
  input.addEventListener("change", () => {
    addPhotos([...input.files]);
    input.value = "";
  });
}

export function addPhotos(files) {
  const problems = new Set(files.map(problemOf).filter(Boolean));
  const room = facts.limits.photos - chosen.length;
  const good = files.filter((file) => !problemOf(file));
  if (good.length > room) problems.add("photo_too_many");
  chosen.push(...good.slice(0, Math.max(0, room)).map((file) => ({ file, url: URL.createObjectURL(file) })));
  tell.onNote([...problems].map((name) => t(name)).join(" "));
  draw();
}

export function hasPhotos() {
  return chosen.length > 0;
}

export function takePhotos() {
  const files = chosen.map((photo) => photo.file);
  for (const photo of chosen) URL.revokeObjectURL(photo.url);
  chosen = [];
  draw();
  return files;
}

function problemOf(file) {
  if (!file.type.startsWith("image/")) return "photo_no_image";
  return file.size > facts.limits.photo_bytes ? "photo_too_large" : null;
}

function draw() {
  row.hidden = chosen.length === 0;
  row.replaceChildren(...chosen.map(drawPhoto));
  tell.onChange();
}

function drawPhoto(photo) {
  const image = make("img", "");
  Object.assign(image, { src: photo.url, alt: t("photo_alt") });
  const remove = make("button", "");
  Object.assign(remove, { type: "button", ariaLabel: t("photo_remove") });
  remove.addEventListener("click", () => {
    URL.revokeObjectURL(photo.url);
    chosen = chosen.filter((each) => each !== photo);
    draw();
  });
  return make("li", "", image, remove);
}
