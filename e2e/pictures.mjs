// Takes the pictures of the README: run by `cargo xtask pictures`.
import { fileURLToPath } from "node:url";
import { go, languages, open, untroubled, visit } from "./city.mjs";

const folder = fileURLToPath(new URL("../docs/images/", import.meta.url));
const browser = await open();
for (const { tag, home, prefix } of languages) {
  const page = await visit(browser, { viewport: { width: 1440, height: 1000 } });
  await go(page, `${home}?year=2025`);
  await page.screenshot({ path: `${folder}scoreboard.${tag}.png` });
  await go(page, `${prefix}/indicators/IND-15?year=2025`);
  await page.screenshot({ path: `${folder}indicator.${tag}.png` });
  untroubled(page);
}
await browser.close();
