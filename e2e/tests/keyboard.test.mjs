// Without a mouse: everything is reached by Tab, in the order it is read, and one sees where one is.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { as, go, languages, open, visit } from "../city.mjs";

let browser;
before(async () => { browser = await open(); });
after(() => browser.close());

/** What has the focus: its place among all that can have it, and whether one sees that it has. */
function focused(page) {
  return page.evaluate(() => {
    const it = document.activeElement;
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];
    const look = getComputedStyle(it);
    const box = it.getBoundingClientRect();
    return {
      is: it === document.body ? "" : it.outerHTML.slice(0, 120),
      place: all.indexOf(it),
      outlined: look.outlineStyle !== "none" && Number.parseFloat(look.outlineWidth) >= 2,
      shown: box.width > 0 && box.height > 0 && box.right > 0 && box.left < innerWidth,
    };
  });
}

/** Presses Tab through the whole page, from its first stop; where a page puts the focus at first is its own matter. */
async function walk(page) {
  await page.locator("a.skip").focus();
  const stops = [await focused(page)];
  for (let presses = 0; presses < 400; presses += 1) {
    await page.keyboard.press("Tab");
    const stop = await focused(page);
    if (stop.is === "" || stop.place <= stops[0].place) return stops;
    stops.push(stop);
  }
  return assert.fail(`Tab never leaves ${page.url()}`);
}

async function isWalkable(page, path) {
  await go(page, path);
  const stops = await walk(page);
  assert.ok(stops.length >= 8, `${path} has only ${stops.length} stops`);
  assert.equal(stops[0].place, 0, `${path}: something comes before the skip link`);
  for (const [at, stop] of stops.entries()) {
    assert.ok(stop.outlined, `${path}: one does not see the focus on ${stop.is}`);
    assert.ok(stop.shown, `${path}: the focus is out of sight on ${stop.is}`);
    if (at > 0) assert.ok(stop.place > stops[at - 1].place, `${path}: Tab goes back to ${stop.is}`);
  }
}

for (const { tag, home, prefix } of languages) {
  test(`every control is reached by Tab in the order of reading, in ${tag}`, async () => {
    const page = await visit(browser);
    const paths = [home, `${prefix}/indicators/IND-15`, `${prefix}/plan`, `${prefix}/verify`, `${prefix}/sign-in`];
    for (const path of paths) await isWalkable(page, path);
    const clerk = await as(browser, "clerk");
    await go(clerk, "/cases");
    const of = await clerk.locator(".cases tbody a").first().getAttribute("href");
    for (const path of ["/start", "/cases", "/cases/list?procedure=data-correction", "/account", of]) {
      await isWalkable(clerk, `${prefix}${path}`);
    }
  });

  test(`the skip link leads past the sections to the content, in ${tag}`, async () => {
    const page = await visit(browser);
    await go(page, home);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    const inside = await page.evaluate(() => document.activeElement.closest("main") !== null);
    assert.ok(inside, "the next stop after the skip link is in the content");
  });
}

test("a case is begun, filled in and handed in with keys alone", async () => {
  const page = await as(browser, "clerk");
  await go(page, "/cases/new/data-correction");
  await page.locator("#begin-organisation").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/cases\/[0-9a-f-]{36}$/);
  // Nothing is filled in: the faults are told first, and each leads to its field.
  await page.locator("button[value='step:submit']").focus();
  await page.keyboard.press("Enter");
  const fault = page.locator("#summary a").first();
  await fault.focus();
  const field = (await fault.getAttribute("href")).slice(1);
  await page.keyboard.press("Enter");
  // A field has the focus at once; of several choices the first has it at the next Tab.
  const has = () => page.evaluate((id) => {
    const [field, it] = [document.getElementById(id), document.activeElement];
    return field === it || field.contains(it);
  }, field);
  if (!(await has())) await page.keyboard.press("Tab");
  assert.ok(await has(), `the link of a fault does not lead to ${field}`);
});
