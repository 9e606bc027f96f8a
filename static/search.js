// A plain "/" goes to the search field, as long as nobody is typing. Without it the browser's access key does.
(() => {
  const field = document.querySelector("form.search input");
  if (!field) return;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const at = event.target;
    if (at.isContentEditable || at.closest("input, select, textarea")) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
})();
