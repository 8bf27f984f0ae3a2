// Makes sure that the tests have a Chromium: one that is there, else Playwright's, else Debian's package.
import { spawnSync } from 'node:child_process';
import { findChromium } from './chromium.ts';

const recipes: [program: string, args: string[]][][] = [
  [['npx', ['playwright', 'install', 'chromium']]],
  [
    ['apt-get', ['update', '-qq']],
    ['apt-get', ['install', '-y', '-qq', 'chromium']],
  ],
];

for (const recipe of recipes) {
  if (findChromium() !== undefined) break;
  for (const [program, args] of recipe) {
    console.log(`No Chromium yet. Trying: ${program} ${args.join(' ')}`);
    // The download of Playwright's own browser hangs where only package registries are reachable.
    spawnSync(program, args, { stdio: 'inherit', timeout: 300_000 });
  }
}

const path = findChromium();
if (path === undefined) {
  console.error(
    'No Chromium could be found or installed. Install one and name it in CHROMIUM_PATH, then run the tests again.',
  );
  process.exit(1);
}
console.log(`Chromium for the tests: ${path}`);
