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
// On a phone each row of a desk's table is a card: what its columns are called goes beside each cell.
document.querySelectorAll(".desk .scroll > table").forEach((table) => {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((it) => it.textContent);
  if (heads.length === 0) return;
  table.querySelectorAll("tbody tr").forEach((row) => {
    [...row.cells].forEach((cell, at) => { if (at > 0 && heads[at]) cell.dataset.label = heads[at]; });
  });
  table.dataset.labelled = "";
});
