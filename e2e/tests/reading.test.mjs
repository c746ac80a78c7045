// Every kind of page, in both languages: readable without scripts, and quiet with them.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { everyKind, go, languages, links, open, untroubled, visit } from "../city.mjs";

let browser;
before(async () => { browser = await open(); });
after(() => browser.close());

for (const { tag, home, prefix } of languages) {
  describe(`in ${tag}`, () => {
    let paths;
    before(async () => { paths = await everyKind(browser, prefix); });

    test("the scoreboard has its 20 indicators without JavaScript", async () => {
      const page = await visit(browser, { javaScriptEnabled: false });
      await go(page, home);
      assert.equal(await page.locator("table.scoreboard tr[id][data-status]").count(), 20);
      for (const row of await page.locator("table.scoreboard tr[id][data-status]").all()) {
        assert.notEqual((await row.locator(".status").innerText()).trim(), "");
      }
      untroubled(page);
    });

    test("there are pages of many kinds, each with a title, a heading and the generated line", async () => {
      assert.ok(paths.length >= 8, `only these are reached: ${paths.join(" ")}`);
      const page = await visit(browser, { javaScriptEnabled: false });
      for (const path of paths) {
        await go(page, path);
        assert.notEqual((await page.title()).trim(), "", path);
        assert.equal(await page.locator("h1").count(), 1, `${path} has no heading or several`);
        assert.ok((await page.locator("html").getAttribute("lang")).startsWith(tag), path);
        assert.match(await page.locator("body").innerText(), /生成|generated/i, path);
      }
      untroubled(page);
    });

    test("with JavaScript nothing errs and nothing comes from another origin", async () => {
      const page = await visit(browser);
      for (const path of paths) await go(page, path);
      untroubled(page);
    });

    test("every page names the same page in the other language", async () => {
      const page = await visit(browser, { javaScriptEnabled: false });
      for (const path of paths) {
        await go(page, path);
        const there = page.locator('nav a[hreflang]').first();
        if (await there.count() === 0) continue;
        await go(page, await there.getAttribute("href"));
        assert.ok(!(await page.locator("html").getAttribute("lang")).startsWith(tag), path);
      }
      untroubled(page);
    });

    test("no link of the scoreboard is broken", async () => {
      const page = await visit(browser, { javaScriptEnabled: false });
      await go(page, home);
      for (const path of await links(page)) {
        const response = await page.request.get(new URL(path, page.url()).href);
        assert.equal(response.status(), 200, path);
      }
    });
  });
}

test("the wall runs, and turns without errors", async () => {
  const page = await visit(browser, { viewport: { width: 1920, height: 1080 } });
  await go(page, "/wall");
  await page.waitForTimeout(3000);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wider <= 0, `the wall is ${wider} px too wide`);
  untroubled(page);
});
