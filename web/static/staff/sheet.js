// The button that prints the sheet; without scripts the browser's own menu does it.
for (const button of document.querySelectorAll("[data-prints]")) button.addEventListener("click", () => print());
