// Every kind of page fits a phone, and meets the rules of accessibility that a program can check.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { everyKind, go, languages, open, untroubled, visit } from "../city.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser;
before(async () => { browser = await open(); });
after(() => browser.close());

for (const { tag, prefix } of languages) {
  describe(`in ${tag}`, () => {
    let paths;
    before(async () => { paths = await everyKind(browser, prefix); });

    test("at 390 px no page scrolls sideways", async () => {
      const page = await visit(browser, { viewport: { width: 390, height: 844 } });
      const wide = [];
      for (const path of paths) {
        await go(page, path);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (over > 0) wide.push(`${path} is ${over} px too wide`);
      }
      assert.deepEqual(wide, []);
      untroubled(page);
    });

    test("axe finds no violation of WCAG 2.2 A and AA", async () => {
      const page = await visit(browser, { viewport: { width: 1440, height: 900 } });
      const found = [];
      for (const path of paths) {
        await go(page, path);
        await page.evaluate(axe);
        const violations = await page.evaluate(async () => {
          const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
          const result = await globalThis.axe.run(document, { runOnly: tags });
          return result.violations.map((it) => `${it.id}: ${it.nodes[0].html.slice(0, 120)}`);
        });
        found.push(...violations.map((it) => `${path} ${it}`));
      }
      assert.deepEqual(found, []);
    });
  });
}
