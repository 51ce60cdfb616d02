// Says how many files were chosen for a form; without scripts the field itself says it.
export function countFiles() {
  document.addEventListener("change", ({ target }) => {
    if (!target.matches(".attach input[type=file]")) return;
    const label = target.closest(".attach").querySelector("[data-chosen]");
    label.dataset.empty ??= label.textContent;
    const { length } = target.files;
    label.textContent = length ? label.dataset.chosen.replace("{count}", length) : label.dataset.empty;
  });
}
