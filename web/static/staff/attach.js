// Says how many files were chosen for a form; without scripts the field itself says it. What is too large is said before
// anything is sent, and holds the form back: a browser shows no answer to an upload that is refused half way.
const mega = 1024 * 1024;
const [each, together] = [10 * mega, 30 * mega];

export function countFiles() {
  document.addEventListener("change", ({ target }) => {
    if (!target.matches(".attach input[type=file]")) return;
    const label = target.closest(".attach").querySelector("[data-chosen]");
    label.dataset.empty ??= label.textContent;
    const { length } = target.files;
    const large = areLarge([...target.files]);
    target.setCustomValidity(large ? label.dataset.large : "");
    label.classList.toggle("attach__large", large);
    const chosen = length ? label.dataset.chosen.replace("{count}", length) : label.dataset.empty;
    label.textContent = large ? label.dataset.large : chosen;
  });
}

function areLarge(files) {
  return files.some((file) => file.size > each) || files.reduce((sum, file) => sum + file.size, 0) > together;
}
