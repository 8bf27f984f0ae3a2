// Whether everyone can use a page: what axe finds wrong on it in light and dark, and whether it fits small screens.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

/** The violations that axe finds on the page as it is: rule and element. */
async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ content: axeSource });
  const results = await page.evaluate(() => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
    return axe.run();
  });
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary ?? ''}`),
  );
}

/** The narrowest screen that the page is made for, in CSS pixels. */
export const narrow = { width: 360, height: 740 };

/** Expects that axe finds nothing wrong on the page as it is, in light and in dark. */
export async function expectAccessible(page: Page, state: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violations(page), `${state}, ${colorScheme}`).toEqual([]);
  }
}

/** Makes the screen narrow, and expects that the page then does not scroll sideways. */
export async function expectFit(page: Page, state: string): Promise<void> {
  await page.setViewportSize(narrow);
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth), state)
    .toBe(narrow.width);
}
