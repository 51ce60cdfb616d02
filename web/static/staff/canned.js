// Canned answers: a click or a number puts the words into the box, to be edited; what is left to fill in is marked there.
const mark = /【填：([^】\n]{1,40})】|\[fill in: ([^\]\n]{1,40})\]/g;

export function offerCanned() {
  document.addEventListener("click", (event) => {
    const offer = event.target.closest("[data-canned]");
    if (offer) put(offer);
  });
  document.addEventListener("input", (event) => { if (event.target.matches(".writing textarea")) tell(event.target); });
  document.addEventListener("keydown", byNumber, true);
}

// Alt and a number while somebody types in the box; keys.js hears the number alone while nobody does.
function byNumber(event) {
  if (!event.altKey || event.ctrlKey || event.metaKey || !/^Digit[1-9]$/.test(event.code)) return;
  const offers = event.target.closest?.(".writing")?.querySelectorAll("[data-canned]") ?? [];
  const offer = offers[Number(event.code.slice(-1)) - 1];
  if (!offer) return;
  event.preventDefault();
  put(offer);
}

function put(offer) {
  const form = offer.form ?? offer.closest("form");
  const box = form.querySelector("textarea");
  const before = box.value.trim();
  box.value = before ? `${before}\n${offer.dataset.words}` : offer.dataset.words;
  form.elements.canned_id.value = offer.dataset.canned;
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
  select(box);
}

// The first mark is selected, so that typing takes its place.
function select(box) {
  const found = [...box.value.matchAll(mark)][0];
  if (found) box.setSelectionRange(found.index, found.index + found[0].length);
  else box.setSelectionRange(box.value.length, box.value.length);
}

function tell(box) {
  const left = box.form.querySelector("[data-left]");
  if (!left) return;
  const names = [...new Set([...box.value.matchAll(mark)].map((found) => found[1] ?? found[2]))];
  left.hidden = names.length === 0;
  left.textContent = left.dataset.left.replace("{fields}", names.join(document.documentElement.lang === "en" ? ", " : "、"));
  box.toggleAttribute("aria-invalid", names.length > 0);
}
