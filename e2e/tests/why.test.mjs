// A stranger clicks from a figure that missed its target down to its rows.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { go, languages, open, untroubled, visit } from "../city.mjs";

let browser;
before(async () => { browser = await open(); });
after(() => browser.close());

for (const { tag, home } of languages) {
  test(`from the scoreboard to a missed figure, its reason and its rows, in ${tag}`, async () => {
    const page = await visit(browser, { javaScriptEnabled: false });
    // The plan's last year, when what is not met is missed.
    await go(page, `${home}?year=2025`);
    const missed = page.locator('table.scoreboard tr[id][data-status="missed"]');
    assert.ok(await missed.count() > 0, "the demonstration city misses some targets");
    const shown = (await missed.first().locator("td.now a").innerText()).trim();
    await missed.first().locator("td.now a").click();
    const text = await page.locator("main").innerText();
    assert.ok(text.includes(shown), `the page that explains ${shown} does not show it`);
    assert.ok(await page.locator("main table tbody tr").count() > 0, "no rows are shown");
    assert.doesNotMatch(text, /[GJL]\d{17}[0-9X]/, "a student number stands in clear");
    untroubled(page);
  });

  test(`from the scoreboard to an indicator, its districts and a district's page, in ${tag}`, async () => {
    const page = await visit(browser, { javaScriptEnabled: false });
    await go(page, home);
    await page.locator("table.scoreboard tr[id] th a").first().click();
    assert.equal(await page.locator("h1").count(), 1);
    const district = page.locator('main a[href*="/organisations/"]').first();
    const name = (await district.innerText()).trim();
    await district.click();
    assert.ok((await page.locator("h1").innerText()).includes(name));
    untroubled(page);
  });
}
