// Promise: the HTML report is read on a phone and at a desk, by light and by dark, without scrolling sideways and without a complaint of the browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { composeReport } from '../../src/reports/compose.ts';
import { htmlReport } from '../../src/reports/html.ts';
import { startBrowser } from '../support/browser.ts';
import { aCapacity, aReport, aServiceCapacity, aWarning } from './a_report.ts';

let browser: Browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

const html = htmlReport(
  composeReport(
    aReport({
      warnings: [aWarning],
      capacity: {
        ...aCapacity,
        services: [{ ...aServiceCapacity, name: 'a'.repeat(60), freezeReason: 'x'.repeat(200) }, aServiceCapacity],
      },
    }),
  ),
);

for (const width of [320, 375, 1_280])
  for (const colorScheme of ['light', 'dark'] as const)
    test(`${width} pixels wide, ${colorScheme}`, async () => {
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => complaints.push(request.url()));
      await page.setContent(html);
      await page.locator('summary').first().click();
      assert.ok((await page.evaluate<number>('document.documentElement.scrollWidth')) <= width);
      assert.equal(
        await page.evaluate<number>(
          `[...document.querySelectorAll('svg text')].filter((t) => { const r = t.getBoundingClientRect(); return r.left < -1 || r.right > ${width} + 1 }).length`,
        ),
        0,
      );
      assert.equal(await page.getByRole('img').count(), 3);
      assert.deepEqual(complaints, []);
      await page.close();
    });
