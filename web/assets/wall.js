// Keeps the big screen alive for days: fetches the page every minute, swaps its content in place,
// and turns from group to group. A server that is away for a while only delays the next swap.
// The browser never leaves the page: on another one, such as that of a proxy whose server is away,
// no script of ours would bring it back.
const minute = 60_000;
const turn = 20_000;
// This script's own end, when that of a newer version of the server takes over.
const ended = new AbortController();
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
    const from = fresh.querySelector(".wall main");
    const to = document.querySelector("main");
    if (!from || !to) throw new Error("not the wall");
    if (parts(fresh).some((it, at) => address(it) !== address(parts(document)[at]))) await takeOver(parts(fresh));
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
    if (!ended.signal.aborted) setTimeout(refresh, minute);
  }
}

/** What a version of the server looks like, and does: all that is not content. */
const parts = (page) => ['link[rel="stylesheet"]', "script[src]"].map((it) => page.querySelector(it));
const address = (part) => part?.getAttribute("href") ?? part?.getAttribute("src");

/** A new version of the server brings a new look and a new script: both are there before the old ones go. */
async function takeOver(fresh) {
  const old = parts(document);
  const now = fresh.map((part) => {
    const made = document.createElement(part.localName);
    for (const { name, value } of part.attributes) made.setAttribute(name, value);
    return made;
  });
  try {
    for (const part of now) {
      await new Promise((there, missing) => {
        part.onload = there;
        part.onerror = missing;
        document.head.append(part);
      });
    }
  } catch (error) {
    now.forEach((it) => it.remove());
    throw error;
  }
  ended.abort();
  clearInterval(turning);
  old.forEach((it) => it.remove());
}

function tell() {
  const place = document.querySelector("[data-clock]");
  const words = { hour: "2-digit", minute: "2-digit", hour12: false };
  if (place) place.textContent = new Date().toLocaleTimeString(document.documentElement.lang, words);
}

function clock() {
  if (ended.signal.aborted) return;
  tell();
  setTimeout(clock, minute - (Date.now() % minute));
}

document.addEventListener("keydown", (event) => {
  if (event.key === "ArrowRight") show(group + 1);
  if (event.key === "ArrowLeft") show(group - 1);
}, { signal: ended.signal });
document.body.dataset.turning = "";
show(0);
const turning = setInterval(() => show(group + 1), turn);
setTimeout(refresh, minute);
clock();
