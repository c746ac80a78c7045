// A case from beginning to end on the demonstration city: each part by the account whose turn it is.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { as as signedIn, go, open, tooWide, untroubled, violations } from "../city.mjs";

let browser;
before(async () => { browser = await open(); });
after(() => browser.close());

const as = (login, options) => signedIn(browser, login, options);
const take = (page, step) => page.locator(`button[value='step:${step}']`).click();

test("a correction is asked for, checked, decided and carried out without JavaScript", async () => {
  const plain = { javaScriptEnabled: false };
  const clerk = await as("clerk", plain);
  await go(clerk, "/cases/new");
  await clerk.locator("a[href='/cases/new/data-correction']").click();
  await clerk.locator("form[action='/cases/new/data-correction'] button").click();
  const path = new URL(clerk.url()).pathname;
  const number = await clerk.locator(".crumbs .num").innerText();

  // Wrong first: told in one list and beside the field, and nothing is lost.
  await clerk.fill("[name='f.data_year']", "1900");
  await clerk.fill("[name='f.grounds']", "录入差错，花名册可查");
  clerk.troubles.length = 0;
  await take(clerk, "submit");
  assert.match(await clerk.locator("#summary").innerText(), /2000/);
  assert.equal(await clerk.inputValue("[name='f.grounds']"), "录入差错，花名册可查");
  clerk.troubles.length = 0;

  await clerk.check("[name='f.dataset'][value=classes]");
  await clerk.fill("[name='f.data_year']", "2025");
  await clerk.fill("[name='f.place']", "第 3 行");
  await clerk.fill("[name='f.value_before']", "54");
  await clerk.fill("[name='f.value_after']", "45");
  await clerk.check("[name='f.published'][value=true]");
  await clerk.check("[name='f.reason'][value=mistyped]");
  await clerk.setInputFiles("[name='file.evidence']", { name: "花名册.txt", mimeType: "text/plain", buffer: Buffer.from("四十五人\n") });
  await take(clerk, "submit");
  assert.match(await clerk.locator(".advice").innerText(), /提交/);
  assert.equal(await clerk.locator(".files a", { hasText: "花名册.txt" }).count(), 1);

  const officer = await as("officer", plain);
  await go(officer, "/cases");
  await officer.locator(".cases a", { hasText: number }).click();
  await officer.fill("[name='f.review']", "属实，报市级审批");
  await take(officer, "forward");
  untroubled(officer);

  const planner = await as("planner", plain);
  await go(planner, "/cases");
  await planner.locator(".cases a", { hasText: number }).click();
  await planner.check("[name='f.decision'][value=granted]");
  await planner.fill("[name='f.decision_grounds']", "同意更正");
  await take(planner, "decide");
  untroubled(planner);

  await go(clerk, path);
  await clerk.fill("[name='f.corrected_on']", "2026-09-01");
  await take(clerk, "finish");
  await go(clerk, path);
  assert.match(await clerk.locator(".case-head").innerText(), /已办结/);
  assert.equal(await clerk.locator("#history li").count(), 5);
  untroubled(clerk);

  // The next district is told nothing of it.
  const stranger = await as("neighbour", plain);
  assert.equal((await stranger.goto(new URL(path, stranger.url()).href)).status(), 404);
});

test("what is signed is shown first, and a draft is kept while one writes", async () => {
  const receiver = await as("receiver");
  await go(receiver, "/cases/new/pupil-transfer");
  await receiver.locator("form[action='/cases/new/pupil-transfer'] button").click();
  const path = new URL(receiver.url()).pathname;
  await receiver.fill("[name='f.pupil']", "陈小河");
  await receiver.locator("[data-told]", { hasText: "草稿已自动保存" }).waitFor();
  await go(receiver, path);
  assert.equal(await receiver.inputValue("[name='f.pupil']"), "陈小河");
  untroubled(receiver);

  // The one that waits for the clerk's signature.
  const clerk = await as("clerk");
  await go(clerk, "/cases/list?procedure=pupil-transfer");
  await clerk.locator(".cases a").first().click();
  await clerk.fill("[name='f.opinion_from']", "同意转出");
  await take(clerk, "release");
  assert.match(await clerk.locator("dl.facts").innerText(), /同意转出/);
  await clerk.locator("main form button.button").click();
  assert.match(await clerk.locator(".advice").innerText(), /签署/);
  untroubled(clerk);
});

test("every page of cases fits a phone and breaks no rule a program can check", async () => {
  const found = [];
  for (const [login, paths] of [
    ["clerk", ["/cases", "/cases/new", "/cases/new/drop-out", "/cases/list", "/cases/list?procedure=data-correction", "/cases/overdue"]],
    ["officer", ["/cases", "/cases/overdue", "/cases/list?procedure=drop-out", "/published"]],
  ]) {
    const page = await as(login, { viewport: { width: 390, height: 844 } });
    const all = [...paths];
    await go(page, "/cases");
    all.push(...(await page.$$eval(".cases tbody a", (found) => found.map((it) => it.getAttribute("href")))));
    for (const prefix of ["", "/en"]) {
      for (const path of all) {
        await go(page, `${prefix}${path}`);
        const broken = [...(await tooWide(page)), ...(await violations(page))];
        found.push(...broken.map((it) => `${prefix}${path} ${it}`));
      }
    }
    untroubled(page);
  }
  assert.deepEqual(found, []);
});
