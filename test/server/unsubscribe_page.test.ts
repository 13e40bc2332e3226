// Promise: whoever wants no more mail gets there in one press: on a phone, without scripts, in their language, by day and by night.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { z } from 'zod';
import { signToken } from '../../src/rendering/token.ts';
import { startBrowser } from '../support/browser.ts';
import { aQueuedTask, one } from '../support/scene.ts';
import { secret, startTestServer } from './support.ts';

/** What a test asserts of what it sees; from WCAG 2.2: 1.4.3 (4.5 : 1), 2.5.8 (24 px; ours are bigger). */
const smallestText = 16;
const lowestContrast = 4.5;
const smallestButton = 44;

const viewports = { phone: { width: 375, height: 667 }, desktop: { width: 1280, height: 800 } };
const people = {
  English: { language: 'en-GB', button: 'Unsubscribe', done: 'You are unsubscribed', lang: 'en' },
  Chinese: { language: 'zh-CN', button: '退订', done: '已退订', lang: 'zh-Hans' },
};
/** Colours as CSS writes them; the size in CSS pixels. */
const seenTexts = z.array(z.object({ text: z.string(), size: z.number(), color: z.string(), behind: z.string() }));
/** Runs in the browser. */
const lookAtTexts = readFile(join(import.meta.dirname, '../support/seen_texts.browser.js'), 'utf8');
/** Not the browser's own, which says that it has no window. */
const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
/** Where to keep pictures, for a person to look at; by default none are taken. */
const pictures = process.env['PICTURES_DIR'];

suite('the unsubscribe page in a browser', async () => {
  const { server, config, pool } = await startTestServer();
  const browser: Browser = await startBrowser();
  after(() => browser.close());

  /** The address of a new recipient's page. */
  const anAddress = async (language: string | null) => {
    const { taskId } = await aQueuedTask(pool, { recipients: 1 });
    await pool.query(
      `update app_public.senders set display_name = 'News & Notes' where id = (select sender_id from app_public.tasks where id = $1)`,
      [taskId],
    );
    await pool.query(
      `update app_public.contacts set attributes = jsonb_strip_nulls(jsonb_build_object('language', $2::text))
        where id = (select contact_id from app_public.sub_task_mails where task_id = $1)`,
      [taskId, language],
    );
    const mail = 'select tracking_id from app_public.sub_task_mails where task_id = $1';
    const trackingId = await one<string>(pool, mail, [taskId]);
    const token = signToken(secret.tracking, 'u', trackingId);
    return { url: `${server.url}${config.TRACKING_UNSUBSCRIBE_PATH}/${token}`, taskId };
  };
  const statusOfContact = (taskId: string) =>
    one<string>(
      pool,
      `select c.status from app_public.contacts c join app_public.sub_task_mails m on m.contact_id = c.id where m.task_id = $1`,
      [taskId],
    );
  const visit = async (
    url: string,
    { expected = [], ...options }: BrowserContextOptions & { expected?: RegExp[] },
    work: (page: Page) => Promise<void>,
  ) => {
    const context = await browser.newContext({ userAgent, javaScriptEnabled: false, ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(url);
    await work(page);
    const unexpected = complaints.filter((complaint) => !expected.some((pattern) => pattern.test(complaint)));
    assert.deepEqual(unexpected, [], 'the console says nothing, of the Content-Security-Policy for one');
    for (const request of requests) assert.ok(request.startsWith(server.url), `nothing from elsewhere: ${request}`);
    await context.close();
  };

  for (const [size, viewport] of Object.entries(viewports)) {
    for (const [person, { language, button, done, lang }] of Object.entries(people)) {
      for (const colorScheme of ['light', 'dark'] as const) {
        test(`${person}, ${size}, ${colorScheme}`, async () => {
          const { url, taskId } = await anAddress(language);
          const picture = (page: Page, name: string) =>
            pictures && page.screenshot({ path: `${pictures}/${name}-${size}-${lang}-${colorScheme}.png` });
          await visit(url, { viewport, colorScheme }, async (page) => {
            await picture(page, 'ask');
            await assertReadable(page);
            assert.equal(await page.locator('html').getAttribute('lang'), lang);
            assert.match(await page.locator('main').innerText(), /News & Notes[\s\S]*[0-9a-f]•••@/);
            await assertPressable(page, button);
            await page.keyboard.press('Enter');
            await page.waitForURL(url);
            await page.getByRole('heading', { name: done }).waitFor();
            await picture(page, 'done');
            await assertReadable(page);
          });
          assert.equal(await statusOfContact(taskId), 'unsubscribed');
        });
      }
    }
  }

  test('a finger presses the button', async () => {
    const { url, taskId } = await anAddress(null);
    await visit(url, { viewport: viewports.phone, hasTouch: true, locale: 'zh-CN' }, async (page) => {
      await page.getByRole('button', { name: people.Chinese.button }).tap();
      await page.getByRole('heading', { name: people.Chinese.done }).waitFor();
    });
    assert.equal(await statusOfContact(taskId), 'unsubscribed');
  });

  test('whoever reads another language than we thought changes it, and the button still works', async () => {
    const { url, taskId } = await anAddress('zh');
    await visit(url, { viewport: viewports.phone }, async (page) => {
      await page.getByRole('link', { name: 'English' }).click();
      await page.getByRole('button', { name: people.English.button }).click();
      await page.getByRole('heading', { name: people.English.done }).waitFor();
    });
    assert.equal(await statusOfContact(taskId), 'unsubscribed');
  });

  test('twice the size of text on a small phone: nothing is cut off', async () => {
    const { url } = await anAddress('en');
    await visit(url, { viewport: { width: 320, height: 568 } }, async (page) => {
      await page.evaluate('document.documentElement.style.fontSize = "200%"');
      await assertReadable(page);
    });
  });

  test('a link that was cut off is explained, in the same design', async () => {
    const { url } = await anAddress('en');
    for (const [size, viewport] of Object.entries(viewports)) {
      for (const [person, { language }] of Object.entries(people)) {
        const options = { viewport, locale: language, expected: [/404/] };
        await visit(url.slice(0, -5), options, async (page) => {
          if (pictures) await page.screenshot({ path: `${pictures}/cut-${size}-${person}.png` });
          await assertReadable(page);
          assert.equal(await page.getByRole('button').count(), 0);
        });
      }
    }
  });

  test('while the database is away the page says so, and its button works when it is back', async () => {
    const { url, taskId } = await anAddress('en');
    await visit(url, { viewport: viewports.phone, expected: [/503/] }, async (page) => {
      await pool.query('alter function app_private.unsubscribe rename to broken');
      await page.getByRole('button').click();
      await page.getByRole('heading', { name: 'That did not work yet' }).waitFor();
      if (pictures) await page.screenshot({ path: `${pictures}/not-done.png` });
      await assertReadable(page);
      await pool.query('alter function app_private.broken rename to unsubscribe');
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('heading', { name: people.English.done }).waitFor();
    });
    assert.equal(await statusOfContact(taskId), 'unsubscribed');
  });
});

async function assertReadable(page: Page): Promise<void> {
  assert.equal(await scrollsSideways(page), false, 'no scrolling sideways');
  const texts = seenTexts.parse(await page.evaluate(await lookAtTexts));
  assert.ok(texts.length >= 2);
  for (const { text, size, color, behind } of texts) {
    assert.ok(size >= smallestText, `${text}: ${size} px`);
    const ratio = contrast(color, behind);
    assert.ok(ratio >= lowestContrast, `${text}: ${ratio.toFixed(1)} : 1`);
  }
}

/** In sight without scrolling, big enough for a finger, and reached by the keyboard with a ring that shows. It has the focus afterwards. */
async function assertPressable(page: Page, name: string): Promise<void> {
  const button = page.getByRole('button', { name });
  const box = await button.boundingBox();
  const viewport = page.viewportSize();
  assert.ok(box !== null && viewport !== null);
  assert.ok(box.y >= 0 && box.y + box.height <= viewport.height, 'no scrolling down to the button');
  assert.ok(box.height >= smallestButton && box.width >= smallestButton);
  await page.keyboard.press('Tab');
  const outline = await page.evaluate('getComputedStyle(document.activeElement).outline');
  assert.equal(await page.locator(':focus').innerText(), name);
  assert.match(String(outline), /solid 3px/);
}

function scrollsSideways(page: Page): Promise<unknown> {
  return page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
}

/** WCAG 2.2's contrast ratio of two colours as browsers write them: rgb(1, 2, 3). */
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
