// Small comforts; every page works without them.
document.addEventListener("change", (event) => {
  const control = event.target.closest("select[data-submit]");
  if (control) control.form.requestSubmit();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button || !navigator.clipboard) return;
  navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href).then(() => {
    const before = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = before; }, 1500);
  });
});
document.querySelectorAll("button[data-copy]").forEach((button) => { button.hidden = false; });
