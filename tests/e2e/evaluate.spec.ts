// Evaluations: what is asked, how a run goes on, survives and is looked at, what is compared and taken along. The
// last tests run the embedded bundle itself.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import type { RunRecord, Sample } from '../../src/evaluate/record.ts';
import { expectAccessible, expectFit } from './support/axe.ts';
import { EvaluatePage } from './support/evaluate-page.ts';
import { longestTaskMs } from './support/main-thread.ts';

/** The published files of MGSM, where a machine has them. */
const mgsm = '../shared/data/mgsm';

/** Problems that the scripted routes answer so or so: Direct says 16, Gloss and LinguaLIFT 36, LangBridge 48. */
const file = [
  'question,answer',
  '"30 + 6?",36',
  '"12 + 4?",16',
  '"a problem that is too long",36',
  'no answer here,',
  '"40 - 4?",36.0',
].join('\n');
const problems = { name: 'mine_en.csv', text: `${file}\n` };

/** So many problems whose answer is 36, as JSON lines. */
function manyProblems(count: number) {
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({ id: `p${index}`, lang: 'sw', question: `swali ${index}?`, answer: '36' }),
  );
  return { name: 'many.jsonl', text: lines.join('\n') };
}

test.describe('with scripted models', () => {
  test.beforeEach(async ({ page }) => {
    await new EvaluatePage(page).ask.useScriptedWorker();
  });

  /** Starts a run over the problems above on the routes Direct and LinguaLIFT. */
  async function runMine(room: EvaluatePage, name = 'Mine'): Promise<void> {
    await room.bring(problems);
    await room.page.getByRole('button', { name: 'Use these columns' }).click();
    await room.begin(name);
    await room.finished();
  }

  test('the built-in problems are ready at once, in the languages that the models know', async ({
    page,
  }) => {
    const room = new EvaluatePage(page);
    await room.open();
    await expect(page.getByText('3 of 3 chosen')).toBeVisible();
    await expect(page.getByText('120 items')).toBeVisible();
    await page.getByRole('checkbox', { name: /Spanish/ }).uncheck();
    await page.getByRole('checkbox', { name: 'Gloss' }).check();
    await expect(page.getByText('120 items')).toBeVisible();
    await page.getByRole('button', { name: 'None' }).click();
    await room.start.click();
    await expect(page.getByText('Choose a language.')).toBeVisible();
  });

  test('a public set is fetched when the person says so, and kept', async ({ page }) => {
    const room = new EvaluatePage(page);
    await page.route(/raw\.githubusercontent\.com/, (route) => route.abort());
    await room.open();
    await page.getByRole('radio', { name: 'MGSM' }).check();
    await expect(page.getByText('CC BY 4.0')).toBeVisible();
    await expect(page.getByText('not on this device yet')).toBeVisible();
    await page.getByRole('button', { name: /^Fetch \d+ kB/ }).click();
    await expect(page.getByRole('alert')).toContainText('MGSM');
    await expect(page.getByRole('alert')).toContainText('upload a copy');
  });

  test('a fetched set is kept: the next visit reads it without the network', async ({ page }) => {
    test.skip(!existsSync(mgsm), 'The published files are not here.');
    const room = new EvaluatePage(page);
    let downloads = 0;
    await page.route(/raw\.githubusercontent\.com/, (route) => {
      downloads += 1;
      const name = new URL(route.request().url()).pathname.replace(/^.*\//, '');
      return route.fulfill({
        path: join(mgsm, name),
        headers: { 'Access-Control-Allow-Origin': '*' },
      });
    });
    await room.open();
    await page.getByRole('radio', { name: 'MGSM' }).check();
    await page.getByRole('button', { name: /^Fetch \d+ kB/ }).click();
    await expect(page.getByText('3 of 3 chosen')).toBeVisible();
    await expect(page.getByText('kept on this device')).toBeVisible();
    expect(downloads).toBe(3);
    await page.reload();
    await room.ask.ready();
    await page.getByRole('radio', { name: 'MGSM' }).check();
    await expect(page.getByText('3 of 3 chosen')).toBeVisible();
    expect(downloads).toBe(3);
    await room.begin('Kept');
    await room.finished();
    await expect(room.run).toContainText('120 of 120 items');
    await page.getByRole('button', { name: 'New run' }).click();
    await page.getByRole('button', { name: 'Remove from this device' }).click();
    await expect(page.getByText('not on this device yet')).toBeVisible();
  });

  test('before a run on WebGPU a few items are answered on WebAssembly too', async ({ page }) => {
    const room = new EvaluatePage(page);
    await room.open();
    await room.ask.badge.click();
    await page.getByRole('radio', { name: 'WebGPU' }).click();
    await expect(page.getByRole('dialog')).toContainText('You chose the GPU.');
    await page.keyboard.press('Escape');
    await runMine(room);
    await expect(room.run).toContainText('GPU and processor gave the same 4 answers');
  });

  test('columns of an own file are mapped, and rows that are no problems are listed by line', async ({
    page,
  }) => {
    const room = new EvaluatePage(page);
    await room.open();
    await room.bring({ name: 'x.tsv', text: 'note\tprob\tres\na\t1+1?\t2\nb\t2+2?\tmany\n' });
    await room.pick('Question', 'prob');
    await room.pick('Answer', 'res');
    await expect(page.getByRole('region', { name: 'First rows of x.tsv' })).toContainText('2+2?');
    await page.getByRole('button', { name: 'Use these columns' }).click();
    await page.getByRole('button', { name: '1 row is left out' }).click();
    await expect(page.getByRole('region', { name: 'Rows left out' })).toContainText(/x\.tsv\s*3/);
    await expect(page.getByText('1 of 1 chosen')).toBeVisible();
  });

  test('a run counts by language, route and extractor', async ({ page }) => {
    const room = new EvaluatePage(page);
    await room.open();
    await runMine(room);
    await expect(room.progress).toHaveAttribute('aria-valuenow', '8');
    await expect(room.scores).toContainText(/English\s*25%\s*5 to 70%, 1 of\s+4\s*50%[^]*2 of\s+4/);
    await expect(page.getByText('2 questions could not be asked')).toBeVisible();
    await page.getByRole('radio', { name: 'Last number' }).click();
    await expect(room.scores).toContainText(/2 of\s+4/);
    await expect(page.getByRole('img', { name: /Right answers by language/ })).toBeVisible();
  });

  test('items are filtered, sorted and looked at', async ({ page }) => {
    const room = new EvaluatePage(page);
    await room.open();
    await runMine(room);
    await expect(room.shown).toHaveText('8 shown');
    await room.pick('Show', 'Only wrong');
    await expect(room.shown).toHaveText('5 shown');
    await room.pick('Route', 'LinguaLIFT');
    await expect(room.shown).toHaveText('2 shown');
    await page.getByRole('button', { name: 'Expected' }).click();
    await expect(room.items.first()).toContainText('12 + 4?');
    await page.getByRole('button', { name: 'Expected' }).click();
    await expect(room.items.first()).toContainText('a problem that is too long');
    await page.getByRole('button', { name: '12 + 4?' }).click();
    await expect(room.sheet).toContainText('Expected: 16');
    await expect(room.sheet.getByRole('listitem').first()).toContainText('12 × 4 = 48');
    await expect(room.sheet.getByRole('row', { name: /Strict/ })).toContainText(/36\s*wrong/);
    await expect(room.sheet).toContainText('24 positions');
  });

  test('routes and runs are compared, and the items that changed are shown', async ({ page }) => {
    const room = new EvaluatePage(page);
    await room.open();
    await runMine(room);
    await room.pick('with', 'Direct');
    await expect(
      page.getByText('LinguaLIFT solves 2 that Direct does not and 1 the other way round'),
    ).toContainText('not decided');
    await page.getByRole('button', { name: 'Show the items that changed' }).click();
    await expect(room.shown).toHaveText('3 shown');

    await page.getByRole('button', { name: 'New run' }).click();
    await room.begin('Again');
    await room.finished();
    await room.pick('with', /Mine: LinguaLIFT/);
    await expect(page.getByText(/LinguaLIFT solves 0 that Mine/)).toContainText('not decided');
  });

  test('a run pauses, goes on, survives a closed tab, and leaves Ask usable', async ({ page }) => {
    const room = new EvaluatePage(page);
    await room.open();
    await room.bring(manyProblems(60));
    await page.getByRole('button', { name: 'Use these columns' }).click();
    await page.getByRole('radio', { name: 'All problems' }).click();
    await room.begin('Long');
    await room.pause.click();
    await expect(room.goOn).toBeVisible();
    await room.goOn.click();
    await expect(room.pause).toBeVisible();

    await page.getByRole('tab', { name: 'Ask' }).click();
    await room.ask.ask('12 × 4?');
    await expect(room.ask.answer).toHaveText('36');
    await page.getByRole('tab', { name: 'Evaluate' }).click();
    await expect(room.name).toHaveText('Long');

    await page.reload();
    await room.ask.ready();
    await expect(room.runs).toHaveText([/Long.*Paused/s]);
    await room.runs.first().getByRole('button', { name: 'Long' }).first().click();
    await room.goOn.click();
    await room.finished();
    await expect(room.run).toContainText('120 of 120 items');
    await expect(room.shown).toHaveText('120 shown');
  });

  test('a crash of the models pauses the run with the reason', async ({ page }) => {
    const room = new EvaluatePage(page);
    await room.open();
    await room.bring(manyProblems(200));
    await page.getByRole('button', { name: 'Use these columns' }).click();
    await page.getByRole('radio', { name: 'All problems' }).click();
    await room.begin('Crashed');
    await expect(room.shown).toBeVisible();
    await page.getByRole('tab', { name: 'Ask' }).click();
    await room.ask.ask('Please crash');
    await expect(room.ask.badge).toContainText('Not loaded');
    await page.getByRole('tab', { name: 'Evaluate' }).click();
    await expect(room.run.getByText('The run was interrupted')).toBeVisible();
    await room.goOn.click();
    await expect(room.pause).toBeVisible();
    await page.getByRole('button', { name: 'Stop here' }).click();
    await expect(room.run.getByText('Stopped', { exact: true })).toBeVisible();
    await expect(room.goOn).toBeHidden();
  });

  test('runs are renamed, exported, imported and deleted', async ({ page }) => {
    const room = new EvaluatePage(page);
    await room.open();
    await runMine(room);
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByLabel('Name of the run').fill('Renamed');
    await page.keyboard.press('Enter');
    await expect(room.runs).toHaveText([/Renamed/]);
    const exported = await room.export(/Run file/);
    expect(exported.name).toMatch(/renamed\.run\.jsonl$/);
    const report = await room.export(/Report/);
    expect(readFileSync(report.path, 'utf8')).toContain('Renamed');
    const csv = await room.export(/Items/);
    expect(readFileSync(csv.path, 'utf8')).toContain('12 + 4?');
    expect((await room.export(/harness/)).name).toMatch(/\.zip$/);

    await page.locator('input[aria-label="Run files to import"]').setInputFiles({
      ...{ name: 'back.run.jsonl', mimeType: 'application/jsonl' },
      buffer: readFileSync(exported.path),
    });
    await expect(room.run.getByText('Imported', { exact: true })).toBeVisible();
    await expect(room.shown).toHaveText('8 shown');
    await expect(room.runs).toHaveCount(2);
    await room.runs.first().getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await expect(room.runs).toHaveCount(1);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.locator('input[aria-label="Run files to import"]').setInputFiles({
      ...{ name: 'no.run.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from('{}') },
    });
    await expect(page.getByRole('alert')).toContainText('The run was not imported');
  });

  test('the room is accessible in light and dark and fits a narrow screen', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const room = new EvaluatePage(page);
    await room.open();
    const states: Record<string, () => Promise<void>> = {
      'with the form': async () => {
        await expect(page.getByText('3 of 3 chosen')).toBeVisible();
        await page.getByRole('button', { name: 'Rules of the run' }).click();
      },
      'with columns to map': async () => {
        await room.bring(problems);
        await expect(page.getByRole('region', { name: /First rows/ })).toBeVisible();
      },
      'with a run': async () => {
        await runMine(room);
        await room.pick('with', 'Direct');
        await page.getByRole('button', { name: 'What was asked' }).click();
        await expect(page.getByRole('region', { name: 'Differences by language' })).toBeVisible();
      },
      'with an item': async () => {
        await room.items.first().getByRole('button').click();
        await expect(room.sheet).toContainText('Taken as the answer');
      },
    };
    for (const [name, reach] of Object.entries(states)) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await reach();
      await expectAccessible(page, name);
      await expectFit(page, name);
    }
  });

  test('a long run is looked at, filtered and exported without holding up the page', async ({
    browser,
    page,
  }) => {
    const room = new EvaluatePage(page);
    await room.open();
    await runMine(room);
    const { path } = await room.export(/Run file/);
    const [head = '', first = ''] = readFileSync(path, 'utf8').split('\n');
    const sample = JSON.parse(first) as Sample;
    const samples = Array.from({ length: 10_000 }, (_, index) =>
      JSON.stringify({
        ...sample,
        index,
        id: `p${index}`,
        question: `swali ${index}? `.repeat(20),
      }),
    );
    const long = Buffer.from([head, ...samples].join('\n'));
    const inPage = await page.evaluateHandle(
      (text) => new File([text], 'long.run.jsonl'),
      long.toString(),
    );
    const longest = await longestTaskMs(browser, page, async () => {
      const dataTransfer = await page.evaluateHandle((one) => {
        const transfer = new DataTransfer();
        transfer.items.add(one);
        return transfer;
      }, inPage);
      await room.name.dispatchEvent('drop', { dataTransfer });
      await expect(room.shown).toHaveText('10,000 shown');
      await room.pick('Show', 'Extractors differ');
      await room.pick('Show', 'All items');
      await page.getByRole('button', { name: 'Expected' }).click();
      await expect(room.shown).toHaveText('10,000 shown');
      await room.export(/Report/);
    });
    expect(longest).toBeLessThan(50);
  });
});

test.describe('with the embedded bundle', () => {
  test.slow();
  const [config, data] = ['public/bundles/embedded', 'public/problems'];

  /** Starts a run over built-in problems in two languages on two routes. */
  async function startBuiltIn(room: EvaluatePage, name: string, limit: number): Promise<void> {
    const { page } = room;
    await page.getByRole('button', { name: 'None' }).click();
    await page.getByRole('checkbox', { name: /English/ }).check();
    await page.getByRole('checkbox', { name: /Swahili/ }).check();
    await page.getByRole('textbox', { name: 'Problems a language' }).fill(String(limit));
    await room.begin(name);
  }

  function readRun(path: string): { record: RunRecord; samples: Sample[] } {
    const [head = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
    const { lingualiftRun: record } = JSON.parse(head) as { lingualiftRun: RunRecord };
    return { record, samples: lines.map((line) => JSON.parse(line) as Sample) };
  }

  /** What must not depend on where and when an item was answered. */
  const repeatable = ({ samples }: { samples: Sample[] }) =>
    samples.map((sample) => ({ ...sample, timings: null }));

  test('a run in the page equals the same run of the command line, item for item', async ({
    page,
  }, testInfo) => {
    const room = new EvaluatePage(page);
    await room.open();
    await startBuiltIn(room, 'In the page', 5);
    await room.finished();
    const inPage = readRun((await room.export(/Run file/)).path);

    const out = testInfo.outputPath('cli');
    const args = [
      ...['tsx', 'cli/evaluate.ts', '--bundle', config, '--dataset', 'built-in'],
      ...['--data-dir', data, '--route', 'direct,lingualift', '--languages', 'en,sw'],
      ...['--limit', '5', '--seed', '1', '--out', out],
    ];
    await promisify(execFile)('npx', args);
    const onCommandLine = readRun(join(out, 'run.jsonl'));

    expect(inPage.samples).toHaveLength(20);
    expect(repeatable(inPage)).toEqual(repeatable(onCommandLine));
    expect(inPage.record.config).toEqual(onCommandLine.record.config);
    expect(inPage.record.data.sha256).toBe(onCommandLine.record.data.sha256);
    expect(inPage.record.models.bundleSha256).toBe(onCommandLine.record.models.bundleSha256);
  });

  test('a run that is killed midway and goes on equals an unbroken one', async ({ page }) => {
    const room = new EvaluatePage(page);
    await room.open();
    await startBuiltIn(room, 'Broken', 25);
    await expect
      .poll(async () => Number(await room.progress.getAttribute('aria-valuenow')))
      .toBeGreaterThan(20);
    await page.reload();
    await room.ask.ready();
    await expect(room.runs).toHaveText([/Broken.*Paused/s]);
    await room.runs.first().getByRole('button', { name: 'Broken' }).first().click();
    await room.goOn.click();
    await room.finished();
    const broken = readRun((await room.export(/Run file/)).path);

    await page.getByRole('button', { name: 'New run' }).click();
    await startBuiltIn(room, 'Unbroken', 25);
    await room.finished();
    const unbroken = readRun((await room.export(/Run file/)).path);
    expect(broken.samples).toHaveLength(100);
    expect(repeatable(broken)).toEqual(repeatable(unbroken));
  });
});
