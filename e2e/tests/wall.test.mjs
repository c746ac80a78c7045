// The big screen is left alone for days: whatever answers in the meantime, it comes back by itself.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, go, open, untroubled, visit } from "../city.mjs";

const MINUTE = 60_000;
const MAINTENANCE = "<!doctype html><html lang=en><title>away</title><body><main><h1>Back soon</h1></main></body></html>";

let browser;
before(async () => { browser = await open(); });
after(() => browser.close());

/** A wall whose minutes pass when the test says so. */
async function hung() {
  const page = await visit(browser, { viewport: { width: 1920, height: 1080 } });
  await page.clock.install();
  await go(page, "/wall");
  return page;
}

/** Lets a minute pass, and what is asked in it be answered. */
async function minute(page) {
  const answer = answered(page);
  await page.clock.runFor(MINUTE);
  await answer;
}

function answered(page) {
  return new Promise((answer) => {
    const done = (request) => {
      if (!isWall(request)) return;
      page.off("requestfinished", done);
      page.off("requestfailed", done);
      // What was answered is taken in when the page is at rest.
      answer(page.evaluate(() => new Promise((rest) => { queueMicrotask(rest); })));
    };
    page.on("requestfinished", done);
    page.on("requestfailed", done);
  });
}

const isWall = (request) => request.url() === `${base}/wall`;
const isAway = (page) => page.evaluate(() => document.body.dataset.away !== undefined);
const shown = (page) => page.locator("[data-group]:not([hidden])").count();

test("a proxy whose server is away does not take the wall down", async () => {
  const page = await hung();
  const answers = [
    ["no connection", (route) => route.abort()],
    ["an error", (route) => route.fulfill({ status: 502, body: "bad gateway" })],
    ["a page about maintenance", (route) => route.fulfill({ contentType: "text/html", body: MAINTENANCE })],
  ];
  for (const [what, answer] of answers) {
    await page.route("**/wall", answer);
    await minute(page);
    await page.waitForFunction(() => document.body.dataset.away !== undefined);
    assert.equal(await shown(page), 1, what);
    await page.unroute("**/wall");
    await minute(page);
    await page.waitForFunction(() => document.body.dataset.away === undefined);
    assert.equal(await shown(page), 1, what);
  }
  await page.context().close();
});

test("a new version of the server takes over when all of it is there", async () => {
  const page = await hung();
  const old = await page.locator("script[src]").getAttribute("src");
  const [version] = old.match(/[0-9a-f]{8,}/);
  const next = "0".repeat(version.length);
  await page.route("**/wall", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replaceAll(version, next) });
  });
  await page.route(`**/${next}/*`, (route) => route.abort());
  await minute(page);
  await page.waitForFunction(() => document.body.dataset.away !== undefined);
  assert.equal(await page.locator("script[src]").getAttribute("src"), old);

  await page.route(`**/${next}/*`, async (route) => {
    await route.fulfill({ response: await route.fetch({ url: route.request().url().replace(next, version) }) });
  });
  await minute(page);
  await page.waitForFunction((old) => document.querySelector("script[src]").getAttribute("src") !== old, old);
  assert.equal(await page.locator('link[rel="stylesheet"], script[src]').count(), 2);
  // One script turns the groups, and not two.
  const place = () => page.evaluate(() => [...document.querySelectorAll("[data-group]")].findIndex((it) => !it.hidden));
  const groups = await page.locator("[data-group]").count();
  const before = await place();
  await page.clock.runFor(20_000);
  assert.equal(await place(), (before + 1) % groups);
  await page.context().close();
});

test("three hundred minutes leave nothing behind in the page", async () => {
  const page = await hung();
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const kept = async () => {
    // What scripts held goes in the first round, and what that held in the next.
    for (let round = 0; round < 3; round += 1) await session.send("HeapProfiler.collectGarbage");
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.filter((it) => ["Nodes", "Documents", "JSEventListeners"].includes(it.name)).map((it) => it.value);
  };
  for (let at = 0; at < 20; at += 1) await minute(page);
  const early = await kept();
  for (let at = 0; at < 280; at += 1) await minute(page);
  const late = await kept();
  late.forEach((it, at) => assert.ok(it <= early[at] * 1.1, `${early} grew to ${late}`));
  assert.equal(await isAway(page), false);
  untroubled(page);
});
