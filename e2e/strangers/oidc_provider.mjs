// oidc-provider (npm), an identity provider elsewhere: people sign in here with their account there, once it is linked.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import Provider from "oidc-provider";
import { Browser, demand } from "./browser.mjs";

const site = demand("ISSUER");
const elsewhere = new URL(demand("ELSEWHERE"));
const login = demand("LOGIN");

/** Runs `haihe` on the served city. */
async function haihe(...words) {
  const run = promisify(execFile);
  return (await run(demand("HAIHE"), [...words, "--data", demand("HAIHE_DATA")])).stdout;
}

// A house elsewhere, where anybody is whoever they say they are.
const house = new Provider(elsewhere.origin, {
  clients: [{
    client_id: "haihe",
    client_secret: demand("CLIENT_SECRET"),
    redirect_uris: [`${site}/sign-in/outside/back`],
  }],
  claims: { openid: ["sub"], profile: ["name", "preferred_username"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: "王小明", preferred_username: id }),
  }),
});
const server = house.listen(Number(elsewhere.port), elsewhere.hostname);

/** From the sign-in of the city to the house, through its pages, and back. */
async function signIn(browser, name) {
  let page = await browser.submit(await browser.open(`${site}/sign-in`), "/sign-in/outside");
  while (page.url.startsWith(`${elsewhere.origin}/interaction/`)) {
    const path = new URL(page.url).pathname;
    page = await browser.submit(page, path, { login: name, password: "x" });
  }
  return page;
}

try {
  // A name that is the same here and there opens nothing.
  const browser = new Browser();
  const stranger = await signIn(browser, login);
  assert.equal(stranger.status, 403);
  assert.match(stranger.text, /还没有关联/);

  // Somebody looks at the request and links it.
  const requests = (await haihe("provider", "requests")).split("\n");
  const request = requests.find((it) => it.includes("王小明") && it.includes(login));
  assert.ok(request, requests.join("\n"));
  await haihe("provider", "link", request.trim().split(/\s+/)[0], login);

  // From now on the person signs in with it, and nobody else does.
  const known = await signIn(browser, login);
  assert.equal(known.url, `${site}/start`);
  assert.match(known.text, new RegExp(`<dd>${login}</dd>`));
  assert.equal((await signIn(new Browser(), "somebody-else")).status, 403);

  // An answer that this browser did not ask for is not taken.
  const other = new Browser();
  const forged = await other.open(`${site}/sign-in/outside/back?code=x&state=y`);
  assert.equal(forged.status, 403);
  assert.equal((await other.open(`${site}/start`)).url, `${site}/sign-in?next=/start`);
} finally {
  server.closeAllConnections();
  server.close();
}
