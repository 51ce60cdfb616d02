// Who else is here: colleagues who look at the same need, the resident who types; and the resident sees when staff type.
import { tell } from "./live.js";

const lasts = 5_000;
const often = 2_500;
let names = [];
let hiding = 0;
let told = 0;

export function showCompany() {
  document.addEventListener("line:open", sayWhatIsShown);
  document.addEventListener("line:here", ({ detail }) => { names = detail.names; draw(); });
  document.addEventListener("line:typing", showTyping);
  document.addEventListener("input", ({ target }) => { if (target.matches("[data-to-resident]") && target.value.trim()) sayTyping(); });
  document.body.addEventListener("htmx:afterSettle", draw);
}

function sayWhatIsShown() {
  const need = document.querySelector("[data-need]")?.dataset.need;
  const talk = document.querySelector("[data-talk]")?.dataset.talk;
  if (need) tell({ need });
  else if (talk) tell({ talk });
}

function sayTyping() {
  if (Date.now() - told < often) return;
  told = Date.now();
  tell({ typing: 1 });
}

function draw() {
  const here = document.querySelector("[data-here]");
  if (!here) return;
  here.hidden = names.length === 0;
  here.textContent = here.dataset.here.replace("{names}", names.join(document.documentElement.lang === "en" ? ", " : "、"));
}

function showTyping() {
  const sign = () => document.querySelector("[data-types]");
  if (sign()) sign().hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { if (sign()) sign().hidden = true; }, lasts);
}
