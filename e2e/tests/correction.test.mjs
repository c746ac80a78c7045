// A school hands in a corrected file; after `compute` the city's figure on the page is another.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { go, haihe, open, untroubled, visit } from "../city.mjs";

const INDICATOR = "IND-17";
const YEAR = "2025";

let browser;
let folder;
before(async () => {
  browser = await open();
  folder = await mkdtemp(join(tmpdir(), "haihe-correction-"));
});
after(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

/** What the scoreboard shows of the indicator, read on a fresh page. */
async function shown() {
  const page = await visit(browser, { javaScriptEnabled: false });
  await go(page, `/?year=${YEAR}`);
  const value = await page.locator(`tr#${INDICATOR} td.now a`).innerText();
  untroubled(page);
  await page.context().close();
  return value.trim();
}

async function figures(level) {
  const words = ["--indicator", INDICATOR, "--level", level, "--year", YEAR, "--format", "json"];
  return JSON.parse(await haihe("figures", ...words)).rows;
}

test("a corrected file of one school changes the city's figure on the page", async () => {
  const before = await shown();
  const [city] = await figures("city");
  const schools = await figures("school");
  const school = schools.find((it) => it.denominator === "1");
  // It reports the opposite of what it had reported.
  const [coverage, step] = Number(school.value) === 0 ? ["full", 1] : ["none", -1];
  const file = join(folder, "wireless.csv");
  await writeFile(file, `school,year,coverage\n${school.code},${YEAR},${coverage}\n`);

  await haihe("import", "wireless_coverage", file);
  assert.equal(await shown(), before, "nothing changes before the next release");
  await haihe("compute");

  const [after] = await figures("city");
  assert.equal(Number(after.numerator), Number(city.numerator) + step);
  assert.equal(after.denominator, city.denominator);
  // The server looks for a newer release every second.
  let now = before;
  for (let tries = 0; now === before && tries < 20; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    now = await shown();
  }
  assert.notEqual(now, before);
  assert.ok(now.replaceAll(/\s/g, "").startsWith(after.value), `${now} is not ${after.value}`);

  await haihe("import", "wireless_coverage", file);
  await haihe("compute");
  assert.deepEqual(await figures("city"), [after], "the same file twice changes nothing");
});
