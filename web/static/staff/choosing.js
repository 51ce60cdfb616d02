// Choosing rows of a list for one act: kept while the page refreshes itself or is loaded again, gone with what is done.
const key = () => `chosen:${location.pathname}${location.search}`;
const place = () => `row:${location.pathname}${location.search}`;
let chosen = new Set();

export function keepChosen() {
  const bar = document.getElementById("chosen");
  if (!bar) return;
  chosen = new Set(JSON.parse(sessionStorage.getItem(key()) ?? "[]"));
  document.addEventListener("change", (event) => { if (event.target.matches("[data-choose]")) mark(event.target); });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-unchoose]")) chooseNone(); });
  document.addEventListener("focusin", (event) => {
    const link = event.target.closest(".row__link");
    if (link) sessionStorage.setItem(place(), link.id);
  });
  document.body.addEventListener("htmx:configRequest", ({ detail }) => { if (detail.elt.matches("[data-bulk]")) detail.parameters.set("needs", [...chosen].join(",")); });
  document.body.addEventListener("htmx:afterSettle", () => { forgetDone(); show(); });
  show();
  document.getElementById(sessionStorage.getItem(place()))?.focus();
}

export function chooseFocused() {
  const box = document.activeElement.closest("[data-rows] > *")?.querySelector("[data-choose]");
  box?.click();
  return box != null;
}

// With chosen rows, a goes to the button that accepts them: nothing is done by one key alone.
export function pointAtBulk(letter) {
  const button = chosen.size ? document.querySelector(`[data-bulk-key="${letter}"]`) : null;
  button?.focus();
  return button !== null;
}

export function chooseNone() {
  const any = chosen.size > 0;
  chosen.clear();
  show();
  return any;
}

function mark(box) {
  if (box.checked) chosen.add(box.value);
  else chosen.delete(box.value);
  show();
}

function forgetDone() {
  const said = document.querySelector("#said[data-done]");
  if (!said) return;
  for (const id of said.dataset.done.split(",")) chosen.delete(id);
  said.removeAttribute("data-done");
  for (const open of document.querySelectorAll("#chosen details[open]")) open.open = false;
  for (const field of document.querySelectorAll("#chosen textarea")) field.value = "";
}

// What is no longer in the list is no longer chosen.
function show() {
  const boxes = [...document.querySelectorAll("[data-choose]")];
  const there = new Set(boxes.map((box) => box.value));
  chosen = new Set([...chosen].filter((id) => there.has(id)));
  for (const box of boxes) box.checked = chosen.has(box.value);
  const bar = document.getElementById("chosen");
  const count = bar.querySelector(".chosen__count");
  bar.hidden = chosen.size === 0;
  count.textContent = count.dataset.words.replace("{count}", chosen.size);
  document.body.classList.toggle("has_chosen", chosen.size > 0);
  sessionStorage.setItem(key(), JSON.stringify([...chosen]));
}
