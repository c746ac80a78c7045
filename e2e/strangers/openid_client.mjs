// openid-client (npm), a strict relying party: from discovery to signing out, and what must not work.
import assert from "node:assert/strict";
import * as client from "openid-client";
import { Browser, demand } from "./browser.mjs";

const issuer = demand("ISSUER");
const back = demand("REDIRECT");
const bye = demand("LOGOUT_REDIRECT");
const login = demand("LOGIN");
const browser = new Browser([back, bye]);

// Plain http is for this machine only; signatures are compared with the published keys.
const config = await client.discovery(
  new URL(issuer),
  demand("CLIENT_ID"),
  { client_secret: demand("CLIENT_SECRET") },
  client.ClientSecretBasic(),
  { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] },
);
assert.ok(config.serverMetadata().supportsPKCE());

/** A request with a proof, and how its answer becomes tokens. */
async function request(more = {}) {
  const verifier = client.randomPKCECodeVerifier();
  const [state, nonce] = [client.randomState(), client.randomNonce()];
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: back,
    scope: "openid profile organisation offline_access",
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
    ...more,
  });
  const exchange = (url) =>
    client.authorizationCodeGrant(config, new URL(url), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
  return { address, exchange };
}

const refused = (code) => (error) => error.error === code || error.cause?.error === code;

// Signing in, agreeing, and seeing what was agreed to.
const first = await request();
const answer = await browser.signIn(first.address, login);
const tokens = await first.exchange(answer.url);
const { sub, auth_time: at, sid } = tokens.claims();
assert.ok(sub && at && sid);
const person = await client.fetchUserInfo(config, tokens.access_token, sub);
assert.equal(person.preferred_username, login);
assert.ok(person.name && person.organisation.code);
assert.equal(person.email, undefined);

// A code is good once, and what came of it ends when it comes again.
await assert.rejects(first.exchange(answer.url), refused("invalid_grant"));
await assert.rejects(client.fetchUserInfo(config, tokens.access_token, sub));

// Asked once: the second time there is nothing to do for the person.
const second = await request({ prompt: "none" });
const again = await second.exchange((await browser.open(second.address)).url);
assert.equal(again.claims().sub, sub);

// Refreshing turns the token over; the one before ends all of them.
const refreshed = await client.refreshTokenGrant(config, again.refresh_token);
assert.notEqual(refreshed.refresh_token, again.refresh_token);
assert.equal((await client.fetchUserInfo(config, refreshed.access_token, sub)).sub, sub);
const stolen = client.refreshTokenGrant(config, again.refresh_token);
await assert.rejects(stolen, refused("invalid_grant"));
const heir = client.refreshTokenGrant(config, refreshed.refresh_token);
await assert.rejects(heir, refused("invalid_grant"));

// Looking at tokens, and giving them back.
const third = await request({ prompt: "none" });
const last = await third.exchange((await browser.open(third.address)).url);
const active = async (token) => (await client.tokenIntrospection(config, token)).active;
assert.equal(await active(last.access_token), true);
await client.tokenRevocation(config, last.access_token);
assert.equal(await active(last.access_token), false);
assert.equal(await active(last.refresh_token), true);
await client.tokenRevocation(config, last.refresh_token);
assert.equal(await active(last.refresh_token), false);

// Signing out where the application asks for it.
const out = client.buildEndSessionUrl(config, {
  id_token_hint: last.id_token,
  post_logout_redirect_uri: bye,
  state: "a state",
});
const left = await browser.open(out);
assert.equal(left.url, `${bye}?state=a+state`);
const quiet = await request({ prompt: "none" });
const nobody = await browser.open(quiet.address);
await assert.rejects(quiet.exchange(nobody.url), refused("login_required"));
