// A browser on the served city. Every page it opens is watched: nothing from another origin, no error.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const base = demand("HAIHE_URL");
export const data = demand("HAIHE_DATA");

/** The two languages, the path of their scoreboard, and what all their pages begin with. */
export const languages = [
  { tag: "zh", home: "/", prefix: "" },
  { tag: "en", home: "/en", prefix: "/en" },
];

function demand(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: run these tests by \`cargo xtask test browser\``);
  return value;
}

/** Starts a browser; end it with `close()`. */
export function open() {
  return chromium.launch({
    executablePath: demand("CHROMIUM"),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * A page of its own that remembers what went wrong on it: `page.troubles`.
 *
 * `options` are those of a browser context, such as `javaScriptEnabled` and `viewport`.
 */
export async function visit(browser, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.troubles = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${base}/`) && !url.startsWith("data:")) {
      page.troubles.push(`asks another origin: ${url}`);
    }
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      page.troubles.push(`console ${message.type()}: ${message.text()} on ${page.url()}`);
    }
  });
  page.on("pageerror", (error) => page.troubles.push(`script: ${error.message} on ${page.url()}`));
  page.on("response", (response) => {
    if (response.status() >= 400) page.troubles.push(`${response.status()} for ${response.url()}`);
  });
  return page;
}

/** Opens a path and fails unless it answers 200. */
export async function go(page, path) {
  const response = await page.goto(base + path, { waitUntil: "load" });
  assert.equal(response.status(), 200, `${path} answers ${response.status()}`);
  return response;
}

/** Fails when something went wrong on the page since it was opened. */
export function untroubled(page) {
  assert.deepEqual(page.troubles, []);
}

/** Paths that the page links to on this origin, without fragments, each once. */
export async function links(page) {
  // Links of charts too, whose `href` is no text.
  const hrefs = await page.$$eval("a[href]", (found) =>
    found.map((it) => new URL(it.getAttribute("href"), document.baseURI).href));
  const own = hrefs.filter((it) => it.startsWith(`${base}/`)).map((it) => it.slice(base.length));
  return [...new Set(own.map((it) => it.split("#")[0]))].filter((it) => it !== "");
}

/** The shape of a path: codes, years and queries' values left out, so that like pages count once. */
function shape(path) {
  const [place, query = ""] = path.split("?");
  const parts = place.split("/").map((it) => (/\d/.test(it) && it.length > 1 ? "*" : it));
  const names = query.split("&").filter(Boolean).map((it) => it.split("=")[0]);
  return [parts.join("/"), ...names.sort()].join("?");
}

/** One path of every kind of page that is reached by links from the scoreboard. */
export async function everyKind(browser, prefix) {
  const page = await visit(browser, { javaScriptEnabled: false });
  const paths = await kindsFrom(page, prefix === "" ? "/" : prefix, prefix);
  await page.context().close();
  return paths;
}

/** One path of every kind of page that links lead to from `start`; kinds that are known are left out, and these grow. */
export async function kindsFrom(page, start, prefix, known = new Set(), isWanted = () => true) {
  const waiting = [start];
  const paths = [];
  while (waiting.length > 0) {
    const path = waiting.shift();
    const kind = shape(path);
    const other = prefix === "" ? path.startsWith("/en") : !path.startsWith(prefix);
    const isData = path.startsWith("/api") || /[?&]format=/.test(path) || isFile(path);
    if (known.has(kind) || other || isData || !isWanted(path)) continue;
    known.add(kind);
    paths.push(path);
    await go(page, path);
    waiting.push(...(await links(page)));
    assert.ok(paths.length < 200, "links seem to lead to ever new kinds of pages");
  }
  untroubled(page);
  return paths;
}

/** Whether a path leads to something that is kept, not looked at. */
function isFile(path) {
  const [place] = path.split("?");
  return /\.\w+$/.test(place) || /\/(sheet|files\/[^/]+|letters\/[^/]+)$/.test(place);
}

/** A page of its own, signed in as a demonstration account. */
export async function as(browser, login, options = {}) {
  const page = await visit(browser, options);
  await go(page, `/sign-in?as=${login}`);
  await page.locator("form[action$='/sign-in'] button").click();
  assert.match(page.url(), /\/start$/);
  return page;
}

/** How many pixels the page is wider than its window; nothing when it fits. */
export async function tooWide(page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return over > 0 ? [`${over} px too wide`] : [];
}

/** What breaks a rule of WCAG 2.2 A or AA that a program can check. */
export async function violations(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const result = await globalThis.axe.run(document, { runOnly: tags });
    return result.violations.map((it) => `${it.id}: ${it.nodes[0].html.slice(0, 160)}`);
  });
}

/** Runs `haihe` on the served city and returns what it printed; fails unless it ends well. */
export async function haihe(...words) {
  const run = promisify(execFile);
  const { stdout } = await run(demand("HAIHE"), [...words, "--data", data], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}
