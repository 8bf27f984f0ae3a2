// `npm run bench [-- OUT.json]`: builds the bench page, opens it in Chromium, prints what it found and writes
// it as JSON (bench/results/<adapter>.json by default).
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { chromiumArgs, findChromium } from '../tests/support/chromium.ts';
import { describeReport } from './report.ts';

const configFile = fileURLToPath(new URL('vite.config.ts', import.meta.url));

await build({ configFile, logLevel: 'warn' });
const server = await preview({ configFile, preview: { port: 0 } });
const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArgs });
try {
  const page = await browser.newPage();
  page.on('console', (message) => console.error(message.text()));
  await page.goto(server.resolvedUrls?.local[0] ?? '');
  const report = await page.evaluate(() => window.bench);
  console.log(describeReport(report));
  const file = process.argv[2] ?? `bench/results/${report.adapter.replaceAll(/\W+/g, '-')}.json`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  console.log(`Written to ${file}`);
} finally {
  await browser.close();
  await server.close();
}
