// Small comforts; every page works without them.
document.addEventListener("change", (event) => {
  const control = event.target.closest("select[data-submit]");
  if (control) control.form.requestSubmit();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-copy], button[data-copy-text]");
  if (!button || !navigator.clipboard) return;
  const { copy, copyText } = button.dataset;
  navigator.clipboard.writeText(copyText ?? new URL(copy, location.href).href).then(() => {
    const before = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = before; }, 1500);
  });
});
// There is nothing to copy to where the site is not reached by https.
document.querySelectorAll("button[data-copy], button[data-copy-text]").forEach((button) => { button.hidden = !navigator.clipboard; });
// On a phone each row of a desk's table, and of those that say so, is a card: what its columns are called goes beside each cell.
document.querySelectorAll(".desk .scroll > table:not(.log), .scroll[data-cards] > table").forEach((table) => {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((it) => it.textContent);
  if (heads.length === 0) return;
  table.querySelectorAll("tbody tr").forEach((row) => {
    [...row.cells].forEach((cell, at) => { if ((at > 0 || cell.matches("td")) && heads[at]) cell.dataset.label = heads[at]; });
  });
  table.dataset.labelled = "";
});
// On paper an address is of use only when it is whole.
document.querySelectorAll("[data-here]").forEach((it) => { it.textContent = new URL(it.textContent, location.href).href; });
