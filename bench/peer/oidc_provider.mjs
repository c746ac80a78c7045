// oidc-provider (npm) with one application and people who are whoever they say, to be measured beside ours.
// Everything is kept in its memory, as it comes.
import { generateKeyPairSync } from "node:crypto";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [port, client, secret, back, algorithm] = process.argv.slice(2);
const require = createRequire(`${process.env.MODULES}/`);
const { default: Provider } = await import(pathToFileURL(require.resolve("oidc-provider")).href);

const keys = [
  { alg: "ES256", pair: generateKeyPairSync("ec", { namedCurve: "P-256" }) },
  { alg: "EdDSA", pair: generateKeyPairSync("ed25519") },
  { alg: "RS256", pair: generateKeyPairSync("rsa", { modulusLength: 2048 }) },
].map(({ alg, pair }) => ({ ...pair.privateKey.export({ format: "jwk" }), alg, use: "sig", kid: alg }));

const provider = new Provider(`http://localhost:${port}`, {
  clients: [{
    client_id: client,
    client_secret: secret,
    redirect_uris: [back],
    id_token_signed_response_alg: algorithm,
  }],
  jwks: { keys },
  enabledJWA: { idTokenSigningAlgValues: ["ES256", "EdDSA", "RS256"] },
  cookies: { keys: ["a key for the trial"] },
  claims: { openid: ["sub"], profile: ["name", "family_name", "given_name", "preferred_username"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: "某人", family_name: "某", given_name: "人", preferred_username: id }),
  }),
});
provider.listen(Number(port), "127.0.0.1");
