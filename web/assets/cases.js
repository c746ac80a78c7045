// Comforts of a case's form: a draft is kept while one writes, and organisations are offered by name.
const drafted = document.querySelector("form[data-draft]");
if (drafted) {
  const told = drafted.querySelector("[data-told]");
  let waiting = 0;
  const keep = async () => {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(drafted)) if (typeof value === "string") fields.append(name, value);
    try {
      const answer = await fetch(drafted.dataset.draft, { method: "POST", body: fields, credentials: "same-origin", redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      told.textContent = `${told.dataset.kept} ${await answer.text()}`;
    } catch {
      told.textContent = told.dataset.lost;
    }
  };
  drafted.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    clearTimeout(waiting);
    waiting = setTimeout(keep, 1500);
  });
  drafted.addEventListener("submit", () => clearTimeout(waiting));
}

for (const input of document.querySelectorAll("input[data-organisations]")) {
  const list = document.createElement("datalist");
  list.id = `${input.id}-offered`;
  input.after(list);
  input.setAttribute("list", list.id);
  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    const text = input.value.trim();
    if (text.length < 2) return;
    waiting = setTimeout(async () => {
      const answer = await fetch(`/api/v1/organisations?limit=12&q=${encodeURIComponent(text)}`).catch(() => null);
      if (!answer?.ok) return;
      const chinese = document.documentElement.lang.startsWith("zh");
      list.replaceChildren(...(await answer.json()).organisations.map((it) => {
        const option = document.createElement("option");
        option.value = it.code;
        option.label = chinese ? it.name.zh : it.name.en || it.name.zh;
        return option;
      }));
    }, 200);
  });
}

const all = document.querySelector("input[data-all]");
if (all) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of document.querySelectorAll("input[name=case]")) box.checked = all.checked;
  });
}
