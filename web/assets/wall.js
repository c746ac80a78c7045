// Keeps the big screen alive for days: fetches the page every minute, swaps its content in place,
// and turns from group to group. A server that is away for a while only delays the next swap.
const minute = 60_000;
const turn = 20_000;
let group = 0;

const groups = () => [...document.querySelectorAll("[data-group]")];

function show(next) {
  const all = groups();
  if (all.length === 0) return;
  group = ((next % all.length) + all.length) % all.length;
  all.forEach((it, at) => { it.hidden = at !== group; });
  document.querySelectorAll("[data-dot]").forEach((it, at) => {
    if (at === group) it.setAttribute("aria-current", "true");
    else it.removeAttribute("aria-current");
  });
}

async function refresh() {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), 20_000);
  try {
    const answer = await fetch(location.href, { signal: stop.signal, cache: "no-cache" });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    // A new version of the server brings a new look: take all of it, not only the content.
    const look = (page) => page.querySelector('link[rel="stylesheet"]')?.getAttribute("href");
    if (look(fresh) !== look(document)) return location.reload();
    const from = fresh.querySelector("main");
    const to = document.querySelector("main");
    if (!from || !to) throw new Error("no content");
    const before = new Map([...to.querySelectorAll("[data-code]")].map((it) => [it.dataset.code, it.textContent]));
    to.replaceChildren(...from.childNodes);
    to.querySelectorAll("[data-code]").forEach((it) => {
      const was = before.get(it.dataset.code);
      if (was !== undefined && was !== it.textContent) it.dataset.changed = "";
    });
    delete document.body.dataset.away;
    show(group);
    tell();
  } catch {
    document.body.dataset.away = "";
  } finally {
    clearTimeout(late);
    setTimeout(refresh, minute);
  }
}

function tell() {
  const place = document.querySelector("[data-clock]");
  const words = { hour: "2-digit", minute: "2-digit", hour12: false };
  if (place) place.textContent = new Date().toLocaleTimeString(document.documentElement.lang, words);
}

function clock() {
  tell();
  setTimeout(clock, minute - (Date.now() % minute));
}

document.addEventListener("keydown", (event) => {
  if (event.key === "ArrowRight") show(group + 1);
  if (event.key === "ArrowLeft") show(group - 1);
});
document.body.dataset.turning = "";
show(0);
setInterval(() => show(group + 1), turn);
setTimeout(refresh, minute);
clock();
