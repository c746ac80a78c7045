// Apache with mod_auth_openidc, the relying party of many campuses: a browser on the pages that it guards.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { Browser, demand } from "./browser.mjs";

const site = demand("APACHE");
const issuer = demand("ISSUER");
const login = demand("LOGIN");
const inside = `${site}/inside/`;
const hook = `${site}/inside/redirect`;

/** What Apache keeps of whoever is signed in; nothing when nobody is. */
async function known(browser) {
  const page = await browser.open(`${hook}?info=json`);
  return page.status === 200 ? JSON.parse(page.text) : undefined;
}

// Signing in, agreeing, and the page that only this person may see.
const browser = new Browser();
const page = await browser.signIn(inside, login);
assert.equal(page.url, inside);
assert.match(page.text, /inside/);
const before = await known(browser);
assert.equal(before.userinfo.preferred_username, login);
assert.ok(before.id_token.sub && before.id_token.sid && before.refresh_token);

// Apache refreshes, and refreshes again with the token that it got.
let { access_token: access } = before;
let { refresh_token: refresh } = before;
for (let time = 0; time < 2; time += 1) {
  const after = new URLSearchParams({ refresh: inside, access_token: access });
  assert.equal((await browser.open(`${hook}?${after}`)).url, inside);
  const now = await known(browser);
  assert.notEqual(now.access_token, access);
  assert.notEqual(now.refresh_token, refresh);
  [access, refresh] = [now.access_token, now.refresh_token];
}

// Signing out at Apache is signing out here.
const out = await browser.open(`${hook}?logout=${encodeURIComponent(`${site}/bye.html`)}`);
assert.equal(out.url, `${site}/bye.html`);
assert.match((await browser.open(`${issuer}/start`)).url, /\/sign-in\?next=/);
assert.equal(await known(browser), undefined);

// Signing out here is signing out at Apache, which is told of it behind the browser's back.
const other = new Browser();
assert.equal((await other.signIn(inside, login)).url, inside);
assert.equal((await known(other)).userinfo.preferred_username, login);
await other.submit(await other.open(`${issuer}/start`), "/sign-out");
let patience = 60;
while ((await known(other)) !== undefined) {
  patience -= 1;
  assert.ok(patience > 0, "Apache was not told that the session has ended");
  await pause(500);
}
