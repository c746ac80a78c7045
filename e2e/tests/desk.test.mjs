// Every kind of page behind the sign-in, as everybody who has one sees it, on a phone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { as, go, kindsFrom, languages, open, tooWide, violations } from "../city.mjs";

const LOGINS = ["administrator", "officer", "clerk", "auditor", "planner", "expert", "parent"];

/** Pages that everybody may see are looked at by `fit.test.mjs`. */
const PUBLIC = /^(\/en)?(\/(indicators|organisations|plan|wall|releases|about|published|verify)\b.*|\/?(\?.*)?)$/;

let browser;
before(async () => { browser = await open(); });
after(() => browser.close());

for (const { tag, prefix } of languages) {
  test(`every page behind the sign-in fits a phone and breaks no rule a program can check, in ${tag}`, async () => {
    const known = new Set();
    const isWanted = (path) => !PUBLIC.test(path);
    const broken = [];
    let pages = 0;
    for (const login of LOGINS) {
      const page = await as(browser, login, { viewport: { width: 390, height: 844 } });
      // Each role begins where it lands, whatever the others saw there.
      known.delete(`${prefix}/start`);
      for (const path of await kindsFrom(page, `${prefix}/start`, prefix, known, isWanted)) {
        pages += 1;
        await go(page, path);
        const found = [...(await tooWide(page)), ...(await violations(page))];
        broken.push(...found.map((it) => `${path} as ${login}: ${it}`));
      }
      await page.context().close();
    }
    assert.ok(pages >= 20, `only ${pages} kinds of pages were found`);
    assert.deepEqual(broken, []);
  });
}
