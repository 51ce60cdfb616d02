// Small wires: the toast, selects that send their form, the button that opens the help, Enter that sends, the way back.
const shown = 4000;
let hiding = 0;

export function say(name) {
  const toast = document.getElementById("toast");
  toast.textContent = toast.dataset[name] ?? name;
  toast.classList.add("toast_shown");
  clearTimeout(hiding);
  hiding = setTimeout(() => toast.classList.remove("toast_shown"), shown);
}

export function wire() {
  document.addEventListener("change", (event) => { if (event.target.matches("[data-submits]")) event.target.form.requestSubmit(); });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).showModal();
    if (event.target.closest("[data-back]") && cameFromList(event.target.closest("[data-back]"))) {
      event.preventDefault();
      history.back();
    }
    const who = document.getElementById("who");
    if (who?.open && !who.contains(event.target)) who.open = false;
  });
  document.addEventListener("keydown", sendByEnter);
  for (const name of ["htmx:sendError", "htmx:timeout"]) document.body.addEventListener(name, () => say("lost"));
  document.body.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr.status !== 401) say("lost"); });
}

// Back to the list as it was filtered, where the person came from there.
function cameFromList(link) {
  const before = document.referrer && new URL(document.referrer);
  return before && before.origin === location.origin && before.pathname === link.pathname && history.length > 1;
}

function sendByEnter(event) {
  const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.matches("[data-enter-sends]");
  const anyway = event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("[data-draft]");
  if (!sends && !anyway) return;
  event.preventDefault();
  event.target.form.requestSubmit();
}
