// `/` goes to the search: into its box where the page has one, else to its page.
(() => {
  document.addEventListener("keydown", (event) => {
    const { target } = event;
    const types = target.closest("input, textarea, select, [contenteditable], #desk, .pieces");
    if (event.key !== "/" || types || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey || event.altKey || document.getElementById("desk")) return;
    event.preventDefault();
    const box = document.getElementById("search");
    if (box) {
      box.focus();
      box.select();
    } else {
      document.getElementById("search-link")?.click();
    }
  });
})();
