// Promise: a program that fetches by itself is told from a person's, and no mail reader is taken for one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMachineAgent } from '../../src/providers/machine_agent.ts';

const MACHINES = [
  'Mozilla/5.0',
  'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
  'YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html',
  'Mozilla/5.0 (compatible; Barracuda Sentinel (EE))',
  'Microsoft Office Existence Discovery',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'facebookexternalhit/1.1',
  'curl/8.5.0',
  'python-requests/2.32.3',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 Safari/537.36',
];

const READERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
  'Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.9.0',
  'Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/8.0; Microsoft Outlook 16.0.13801)',
  'Microsoft Outlook 16.0',
  'Outlook-iOS/709.2189947.prod.iphone (3.24.0)',
  'Thunderbird',
];

test('proxies, scanners and robots are machines', () => {
  assert.deepEqual(
    MACHINES.filter((agent) => !isMachineAgent(agent)),
    [],
  );
});

test('browsers and mail readers are not', () => {
  assert.deepEqual(READERS.filter(isMachineAgent), []);
});

test('nothing is known against an agent that says nothing', () => {
  assert.equal(isMachineAgent(null), false);
  assert.equal(isMachineAgent(''), false);
});
