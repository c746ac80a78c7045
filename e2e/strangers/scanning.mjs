// Files that a clerk brings to a case, judged by the clamd of Debian: clean, harmful, or by nobody as it is down.
import assert from "node:assert/strict";
import { Browser, demand } from "./browser.mjs";

const site = demand("SITE");
const login = demand("LOGIN");
const isDown = demand("CLAMD") === "down";

// The test file of EICAR, in two pieces: whoever guards this folder need not worry.
const HARMFUL =
  "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*";

const browser = new Browser();
await browser.signIn(`${site}/cases`, login);
const start = await browser.open(`${site}/cases/new/drop-out`);
assert.equal(start.status, 200, start.text);
const begun = await browser.submit(start, "/cases/new/drop-out");
assert.match(begun.url, /\/cases\/[0-9a-f-]{36}$/, begun.text);

/** Brings a file to the case; the page that follows. */
async function bring(name, content) {
  const page = await browser.open(begun.url);
  const { csrf } = page.form("/sign-out").values;
  return browser.upload(begun.url, { csrf, do: "files" }, { control: "file.", name, content });
}

/** Files of the case by their names, as its page lists them. */
async function files() {
  const page = await browser.open(begun.url);
  const lists = [...page.text.matchAll(/<a href="[^"]*\/files\/[^"]*" download>([^<]*)<\/a>/g)];
  return { names: lists.map(([, name]) => name), page };
}

if (isDown) {
  const page = await bring("visit.txt", "what was seen");
  assert.equal(page.status, 422, page.text);
  assert.match(page.text, /现在无法查毒，文件没有保存/);
  assert.deepEqual((await files()).names, []);
} else {
  const clean = await bring("visit.txt", "what was seen");
  assert.equal(clean.status, 200, clean.text);
  const harmful = await bring("report.txt", HARMFUL);
  assert.equal(harmful.status, 422, harmful.text);
  assert.match(harmful.text, /附件“report.txt”没有保存：查出有害内容/);
  const after = await bring("again.txt", "what was seen later");
  assert.equal(after.status, 200, after.text);
  const { names, page } = await files();
  assert.deepEqual(names, ["visit.txt", "again.txt"]);
  assert.equal(page.text.match(/已查毒/g).length, 2);
}
