// Opens pages of `stance report` and uses them as a person would: node page.js BINARY SCREENSHOTS
//
// Every page must open without a message on the console, show reasons on hover and on focus, turn to
// the other labels at a click, and pass axe in light, in dark, narrow and in print.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { chromium } from "playwright-core";

const [binary, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "stance-page-"));
mkdirSync(pictures, { recursive: true });

const ARTICLE = `The two governments agreed on Monday to resume peace talks in Geneva. The foreign minister said he hoped that a ceasefire would hold.

But the army shelled two border towns overnight, and the president threatened to strike again unless the blockade was lifted. The neighbour rejected the ultimatum. The envoy will not attend the meeting on Tuesday.

The meeting begins at nine. Its agenda has not been published. Analysts doubt whether the sanctions will be lifted after the talks.
`;
const OTHERS = {
  "2026-01-05 opening.txt": ARTICLE,
  "2026-02-11 strikes.txt":
    "Warplanes bombed the port. The army massed troops at the border. Talks were called off.\n",
  "2026-03-20 truce.txt":
    "Both sides signed a truce. Prisoners were exchanged on Friday. The blockade was lifted.\n",
};
// What a hostile text might hold; none of it may run or leave its place.
const HOSTILE =
  `</script><script>document.title = "taken"</script> They attacked "the" 'talks' & <b>left</b>. ` +
  `<img src=x onerror="document.title='taken'"> The truce {{ 7*7 }} {% raw %} \${1} held. ` +
  `\u202eThe override turns\u202c the army around. \u2066An isolate left open. ` +
  `A bell\u0007, an escape \u001b[31m and a null \u0000 were met with talks. ` +
  `<!-- A comment --> ]]> --> </style></title></textarea> The general threatened war. 🙂🇺🇳 的停戦 שלום السلام.\n`;

const write = (name, text) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const report = (name, inputs, ...rest) => {
  const output = join(folder, name);
  execFileSync(binary, ["report", ...inputs, "-o", output, ...rest], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return pathToFileURL(output).href;
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});

const open = async (href, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.messages = [];
  page.on("console", (message) => page.messages.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => page.messages.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url() !== href) page.messages.push(`request: ${request.url()}`);
  });
  await page.goto(href, { timeout: 120_000 });
  return page;
};

const close = async (page) => {
  assert.deepEqual(page.messages, [], "messages on the console");
  await page.context().close();
};

const accessible = async (page, what) => {
  // The policy of the page lets no script in, so axe is brought in past it by the debugger.
  await page.evaluate(axe + "\n;undefined");
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { resultTypes: ["violations"] }),
  );
  const told = violations.map(
    (v) =>
      `${v.id}: ${v.help}: ${v.nodes
        .slice(0, 3)
        .map((n) => n.html.slice(0, 200) + " " + n.failureSummary)
        .join(" | ")}`,
  );
  assert.deepEqual(told, [], `axe on ${what}`);
};

const tests = {
  async "reasons are shown on hover, on focus and kept at a click"() {
    const page = await open(one);
    const sentences = page.locator(".s");
    assert.equal(await sentences.count(), 8);
    await sentences.nth(2).hover();
    assert.match(await page.locator("#reasons").innerText(), /Sentence 3/);
    await page.screenshot({ path: join(pictures, "hover.png") });

    await sentences.nth(3).focus();
    assert.match(await page.locator("#reasons").innerText(), /Sentence 4/);
    assert.match(
      await page.locator("#status").textContent(),
      /Sentence 4, \w+, \d+ percent\. For: /,
    );
    await page.keyboard.press("Tab");
    assert.match(await page.locator("#reasons").innerText(), /Sentence 5/);
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "reasons");
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate(() => document.activeElement.id), "a1s5");

    await sentences.nth(0).click();
    await sentences.nth(6).hover();
    assert.match(
      await page.locator("#reasons").innerText(),
      /Sentence 1\n/,
      "a kept sentence stays",
    );
    await page.locator("#close").click();
    assert.match(await page.locator("#reasons").innerText(), /Point at a sentence/);
    await close(page);
  },

  async "the numbers that are shown sum up to the score"() {
    const page = await open(one);
    for (const at of [0, 2, 7]) {
      await page.locator(".s").nth(at).focus();
      const columns = await page.evaluate(() => {
        const number = (cell) => Number(cell.textContent.replace("−", "-"));
        const parts = [...document.querySelectorAll("#reasons tbody tr:not(.note)")];
        const score = document.querySelector("#reasons tfoot tr");
        return [...score.querySelectorAll("td")].map((cell, label) => ({
          score: number(cell),
          sum: parts.reduce((sum, row) => sum + number(row.querySelectorAll("td")[label]), 0),
        }));
      });
      assert.equal(columns.length, 3);
      for (const { score, sum } of columns)
        assert.ok(Math.abs(score - sum) < 1e-9, `${sum} is not ${score}`);
    }
    await close(page);
  },

  async "a click turns the page from stance to sentiment"() {
    const page = await open(one);
    const color = () => page.locator("#a1s1").evaluate((s) => getComputedStyle(s).backgroundColor);
    const before = await color();
    assert.ok(await page.locator(".key.h0").isVisible());
    await page.locator("#a1s1").hover();
    await page.getByLabel("sentiment").check();
    assert.notEqual(await color(), before);
    assert.ok(await page.locator(".key.h1").isVisible());
    assert.ok(!(await page.locator(".key.h0").isVisible()));
    assert.match(await page.locator("#reasons thead").innerText(), /positive/);
    await page.screenshot({ path: join(pictures, "sentiment.png") });
    await accessible(page, "sentiment");
    await close(page);
  },

  async "the page is accessible in light, in dark, narrow and in print"() {
    for (const [name, options] of [
      ["light", { colorScheme: "light" }],
      ["dark", { colorScheme: "dark" }],
      ["narrow", { colorScheme: "light", viewport: { width: 360, height: 740 } }],
      ["narrow-dark", { colorScheme: "dark", viewport: { width: 360, height: 740 } }],
      ["contrast", { forcedColors: "active" }],
    ]) {
      const page = await open(several, options);
      await page.locator(".s").nth(2).focus();
      await page.screenshot({ path: join(pictures, `${name}.png`) });
      const width = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(width[0] <= width[1], `${name} scrolls sideways: ${width}`);
      await page.locator("summary").first().click();
      await accessible(page, name);
      await page.keyboard.press("Escape");
      await page.screenshot({ path: join(pictures, `${name}-whole.png`), fullPage: true });
      await close(page);
    }
    const page = await open(several);
    await page.emulateMedia({ media: "print" });
    assert.ok(!(await page.locator("#panel").isVisible()));
    await page.pdf({ path: join(pictures, "print.pdf"), format: "A4", printBackground: true });
    await close(page);
  },

  async "several articles are set side by side and on a line over time"() {
    const page = await open(several);
    assert.equal(await page.locator("table.side tbody tr").count(), 3);
    assert.equal(await page.locator("figure:visible polyline").count(), 3);
    await page.locator("table.side a").nth(1).click();
    assert.match(page.url(), /#a2$/);
    await close(page);
  },

  async "a click on the course goes to the sentence"() {
    const page = await open(one);
    await page.locator(".course:visible g").nth(4).click();
    assert.match(await page.locator("#reasons").innerText(), /Sentence 5/);
    await close(page);
  },

  async "hostile text stays text"() {
    const page = await open(hostile);
    const count = await page.locator(".s").count();
    assert.ok(count >= 5, `${count} sentences`);
    for (let at = 0; at < count; at += 1) await page.locator(".s").nth(at).focus();
    assert.notEqual(await page.title(), "taken");
    assert.equal(await page.locator("main img, main b:not(p > b), main script").count(), 0);
    const text = await page.locator("main").innerText();
    assert.ok(text.includes('</script><script>document.title = "taken"</script>'));
    assert.ok(!/[\u202a-\u202e\u2066-\u2069\u0007\u001b]/.test(await page.content()));
    await page.screenshot({ path: join(pictures, "hostile.png"), fullPage: true });
    await accessible(page, "hostile text");
    await close(page);
  },

  async "without scripts the reasons stand in a table"() {
    const page = await open(one, { javaScriptEnabled: false });
    await page.locator("summary").click();
    await page.screenshot({ path: join(pictures, "no-script.png"), fullPage: true });
    assert.equal(await page.locator("table.rows tbody tr").count(), 8);
    await page.getByLabel("sentiment").check();
    assert.ok(await page.locator(".key.h1").isVisible());
    await close(page);
  },

  async "five megabytes open"() {
    const page = await open(large);
    assert.ok((await page.locator(".s").count()) > 40_000);
    await page.locator(".s").nth(10).hover();
    assert.match(await page.locator("#reasons").innerText(), /Sentence 11/);
    await page.locator(".s").nth(40_000).focus();
    assert.match(await page.locator("#reasons").innerText(), /does not hold the reasons/);
    await close(page);
  },
};

const paths = Object.entries(OTHERS).map(([name, text]) => write(name, text));
const one = report("one.html", [write("article.txt", ARTICLE)]);
const several = report("several.html", paths, "--title", "Three months of a quarrel");
const hostile = report("hostile.html", [write(`a"b'<i>&.txt`, HOSTILE)]);
const large = report("large.html", [
  write("large.txt", ARTICLE.repeat(Math.ceil(5_000_000 / ARTICLE.length))),
]);

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  const begun = performance.now();
  try {
    await test();
    console.log(`ok      ${name} (${Math.round(performance.now() - begun)} ms)`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n${error.stack}`);
  }
}
await browser.close();
rmSync(folder, { recursive: true });
console.log(
  `${Object.keys(tests).length - failed} passed, ${failed} failed; screenshots in ${pictures}`,
);
process.exit(failed ? 1 : 0);
