// Gives the boxes that look up as one types the label of the field they stand for; screen readers hear no name otherwise.
// jQuery calls what waits for it in the order in which it was asked: after the boxes are made.
window.addEventListener("load", () => {
  window.django?.jQuery?.(() => {
    for (const box of document.querySelectorAll(".select2-container")) {
      const label = box.previousElementSibling?.labels?.[0];
      const parts = ".select2-selection, .select2-selection__rendered, .select2-search__field";
      for (const part of label ? box.querySelectorAll(parts) : []) {
        part.removeAttribute("aria-labelledby");
        part.setAttribute("aria-label", label.textContent.trim());
      }
    }
  });
});
