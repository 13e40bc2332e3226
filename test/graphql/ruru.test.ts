// Promise: in development GraphiQL opens with operations that work, from signing in to what is live.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { buildSchema, parse, validate } from 'postgraphile/graphql';
import { z } from 'zod';
import { projectDir } from '../../src/database/server.ts';
import { startTestServer } from '../server/support.ts';
import { startBrowser } from '../support/browser.ts';

const tabsShape = z.array(z.object({ query: z.string(), headers: z.string().optional() }));

suite('Ruru', async () => {
  const { server, authorization } = await startTestServer({ NODE_ENV: 'development' });

  test('opens with operations of our schema', async () => {
    const page = await (await fetch(`${server.url}/ruru`)).text();
    const tabs = tabsShape.parse(JSON.parse(/defaultTabs = (.*);<\/script>/.exec(page)?.[1] ?? ''));
    const schema = buildSchema(await readFile(join(projectDir, 'db/schema.graphql'), 'utf8'));
    for (const { query } of tabs) assert.deepEqual(validate(schema, parse(query)), []);
    assert.equal(tabs[0]?.headers, undefined, 'a sign-in needs no token');
  });

  test('leaves / to others', async () => {
    const response = await fetch(server.url, { headers: { authorization: await authorization() } });
    assert.equal(response.status, 404);
  });

  test('asks and listens with the token of its headers', async () => {
    const browser = await startBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(`${server.url}/ruru`);
      await shows(page, 'SignIn');
      await page.locator('.graphiql-tab').nth(1).click();
      await shows(page, 'Campaigns');
      await giveHeaders(page, { authorization: await authorization() });
      await run(page, 'Me', 'admin@example.com');
      await run(page, 'Services', '"serviceStatus"');
    } finally {
      await browser.close();
    }
  });
});

/** Waits until the editor does. */
async function shows(page: Page, word: string): Promise<void> {
  await page.locator('.graphiql-query-editor .view-lines').filter({ hasText: word }).waitFor();
}

async function giveHeaders(page: Page, headers: object): Promise<void> {
  await page.getByRole('button', { name: 'Headers' }).click();
  await page.locator('.graphiql-editor-tool .monaco-editor:visible').click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(JSON.stringify(headers));
  // What the editor closed by itself.
  await page.keyboard.press('Control+Shift+End');
  await page.keyboard.press('Delete');
}

/** Runs an operation of the tab and waits for its answer to hold the text. */
async function run(page: Page, operation: string, expected: string): Promise<void> {
  await page.locator('.graphiql-execute-button').click();
  await page.getByRole('menuitem', { name: operation, exact: true }).click();
  await page.locator('.result-window').getByText(expected).first().waitFor();
}
