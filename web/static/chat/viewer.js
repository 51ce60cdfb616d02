// Shows one photo over the whole window; Escape, the cross or a tap on it closes it.

import { byId } from "./facts.js";

const viewer = byId("viewer");
const image = viewer.querySelector("img");

export function openPicture(url) {
  image.src = url;
  viewer.showModal();
}

viewer.addEventListener("click", () => viewer.close());
viewer.addEventListener("close", () => image.removeAttribute("src"));
