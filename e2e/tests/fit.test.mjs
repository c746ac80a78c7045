// Every kind of page fits a phone, and meets the rules of accessibility that a program can check.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  everyKind, go, languages, open, tooWide, untroubled, violations, visit,
} from "../city.mjs";

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
        wide.push(...(await tooWide(page)).map((it) => `${path} ${it}`));
      }
      assert.deepEqual(wide, []);
      untroubled(page);
    });

    test("axe finds no violation of WCAG 2.2 A and AA", async () => {
      const page = await visit(browser, { viewport: { width: 1440, height: 900 } });
      const found = [];
      for (const path of paths) {
        await go(page, path);
        found.push(...(await violations(page)).map((it) => `${path} ${it}`));
      }
      assert.deepEqual(found, []);
    });
  });
}
