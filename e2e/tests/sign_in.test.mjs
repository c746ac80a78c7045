// Signing in on the demonstration city: without JavaScript, on two devices, and with a passkey.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, go, open, untroubled, visit } from "../city.mjs";

let browser;
before(async () => { browser = await open(); });
after(() => browser.close());

/** Signs in as a demonstration account, chosen from the list on the page. */
async function signIn(page, login, prefix = "") {
  await go(page, `${prefix}/sign-in`);
  await page.locator("tr", { hasText: login }).locator("a").click();
  assert.equal(await page.inputValue("input[name=login]"), login);
  await page.locator("form[action$='/sign-in'] button").click();
  assert.match(page.url(), /\/start$/);
}

test("a clerk signs in, looks at the account and signs out without JavaScript", async () => {
  const page = await visit(browser, { javaScriptEnabled: false });
  await go(page, "/start");
  assert.match(page.url(), /\/sign-in\?next=\/start$/);
  await signIn(page, "clerk");
  await go(page, "/account");
  assert.equal(await page.locator("#sessions tr[aria-current]").count(), 1);
  await page.locator("form[action$='/sign-out'] button").click();
  assert.match(page.url(), /\/sign-in$/);
  await go(page, "/account");
  assert.match(page.url(), /\/sign-in\?next=\/account$/);
  untroubled(page);
  await page.context().close();
});

test("an owner ends a session on another device", async () => {
  const [here, there] = [await visit(browser), await visit(browser)];
  await signIn(there, "teacher", "/en");
  await signIn(here, "teacher", "/en");
  await go(here, "/en/account");
  const others = here.locator("#sessions tbody tr:not([aria-current])");
  const before = await others.count();
  await others.first().locator("button").click();
  assert.equal(await others.count(), before - 1);
  await go(there, "/en/account");
  assert.match(there.url(), /\/en\/sign-in/);
  untroubled(here);
  untroubled(there);
});

test("a wrong password changes nothing and says so", async () => {
  const page = await visit(browser);
  await go(page, "/en/sign-in");
  await page.fill("input[name=login]", "nobody");
  await page.fill("input[name=password]", "wrong");
  await page.locator("form[action$='/sign-in'] button").click();
  assert.match(await page.locator(".fault[role=alert]").first().innerText(), /wrong/);
});

test("a passkey is added and signs in", async () => {
  const page = await visit(browser);
  // Browsers give passkeys to names, not to numbers.
  const site = base.replace("127.0.0.1", "localhost");
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", { options: {
    protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true,
    isUserVerified: true, automaticPresenceSimulation: true,
  } });
  await page.goto(`${site}/en/sign-in?as=expert`);
  await page.locator("form[action$='/sign-in'] button").click();
  await page.goto(`${site}/en/account`);
  await page.fill("form[data-passkey] input[name=name]", "test key");
  await page.locator("form[data-passkey] button").click();
  await page.locator("#factors tr", { hasText: "test key" }).waitFor();
  await page.locator("form[action$='/sign-out'] button").click();
  await page.locator("form[data-passkey] button").click();
  await page.waitForURL(/\/start$/);
  await page.goto(`${site}/en/account`);
  await page.locator("#factors tr", { hasText: "test key" }).locator("button").click();
  assert.equal(await page.locator("#factors tr", { hasText: "test key" }).count(), 0);
});
