// From an application of the city to the sign-in, the question and back: without JavaScript, on a phone.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { base, go, haihe, languages, open, untroubled, visit } from "../city.mjs";

let browser;
let application;
let back;
before(async () => {
  browser = await open();
  application = createServer((_, answer) => answer.end("back"));
  await new Promise((done) => application.listen(0, "127.0.0.1", done));
  back = `http://127.0.0.1:${application.address().port}/back`;
  const [, city] = (await haihe("account", "list")).match(/^administrator .*?\b(\d{6})\b/m);
  const about = ["--name", "图书馆", "--name-en", "Library", "--purpose", "借书", "--org", city];
  const may = ["--scope", "profile", "--scope", "organisation", "--scope", "offline_access"];
  const where = ["--authentication", "none", "--redirect", back, "--home", back];
  await haihe("application", "add", "library", ...about, ...may, ...where);
});
after(async () => {
  application.close();
  await browser.close();
});

function request(tag) {
  const proof = createHash("sha256").update(randomBytes(32)).digest("base64url");
  const asked = new URLSearchParams({
    client_id: "library",
    redirect_uri: back,
    response_type: "code",
    scope: "openid profile organisation offline_access",
    code_challenge: proof,
    code_challenge_method: "S256",
    ui_locales: tag,
    state: "a state",
  });
  return `${base}/openid/authorize?${asked}`;
}

/** Fails when the page is wider than the screen. */
async function fits(page) {
  const [wide, screen] = await page.evaluate(
    () => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(wide <= screen, `${page.url()} is ${wide} pixels wide on a screen of ${screen}`);
}

for (const { tag, prefix } of languages) {
  test(`a person agrees on the ${tag} page, is led back, and takes it back`, async () => {
    const viewport = { width: 390, height: 844 };
    const page = await visit(browser, { javaScriptEnabled: false, viewport });
    await page.goto(request(tag));
    await page.locator("tr", { hasText: "clerk" }).locator("a").click();
    await page.locator("form[action$='/sign-in'] button").click();
    assert.match(page.url(), new RegExp(`${prefix}/openid/continue`));
    await fits(page);
    await page.locator("button[value=yes]").click();
    await page.waitForURL(`${back}?*`);
    const answer = new URL(page.url()).searchParams;
    assert.equal(answer.get("state"), "a state");
    assert.ok(answer.get("code"));
    // The one other origin is the application that the person went back to.
    page.troubles = page.troubles.filter((it) => !it.includes(back.replace("/back", "")));

    await go(page, `${prefix}/account/applications`);
    await fits(page);
    const given = page.locator("form", { has: page.locator("input[value=library]") });
    assert.equal(await given.count(), 1);
    await given.locator("button").click();
    assert.equal(await given.count(), 0);
    await go(page, `${prefix}/start`);
    assert.equal(await page.locator(`a[href='${back}']`).count(), 1);
    await fits(page);
    untroubled(page);
    await page.context().close();
  });
}
