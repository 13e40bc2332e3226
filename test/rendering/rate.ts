// How many mails a second one process renders: `node test/rendering/rate.ts [seconds]`. The newsletter of the demo, HTML and text,
// tracked; each mail is written out as bytes, as sending it to the database would.
import { randomBytes } from 'node:crypto';
import { sampleTemplate } from '../../src/rendering/sample_template.ts';
import { type CompiledTemplate, compileTemplate } from '../../src/rendering/template.ts';
import { newTrackingId } from '../../src/rendering/token.ts';

export interface Rate {
  readonly mailsPerSecond: number;
  /** Time of processors, which does not depend on what else the machine does. */
  readonly cpuMicrosecondsPerMail: number;
  readonly charactersOfHtml: number;
}

const tracked = {
  trackOpens: true,
  trackClicks: true,
  pixelPath: '/api/tracking/open',
  clickPath: '/api/tracking/click',
  unsubscribePath: '/api/tracking/unsubscribe',
};

function renderOne(template: CompiledTemplate, number: number): number {
  const { html, text } = template.render({
    contact: {
      email: `reader${number}@example.com`,
      // Some lack a name, some a city.
      attributes: {
        first_name: number % 7 === 0 ? '' : `Reader ${number}`,
        city: number % 3 === 0 ? null : 'Here',
        plan: 'free',
      },
    },
    task: { name: 'Spring' },
    sender: { name: 'Support' },
    trackingId: newTrackingId(),
  });
  Buffer.byteLength(html);
  Buffer.byteLength(text);
  return html.length;
}

/** Renders for `seconds`, after a warm-up. */
export function measureRate(seconds: number): Rate {
  const template = compileTemplate({ id: '1', ...sampleTemplate }, { ...tracked, trackingKey: randomBytes(32) });
  for (let i = 0; i < 5_000; i++) renderOne(template, i);
  const cpu = process.cpuUsage();
  const started = performance.now();
  let mails = 0;
  let characters = 0;
  while (performance.now() - started < seconds * 1_000) {
    for (let i = 0; i < 100; i++) characters += renderOne(template, mails++);
  }
  const { user, system } = process.cpuUsage(cpu);
  return {
    mailsPerSecond: Math.round(mails / ((performance.now() - started) / 1_000)),
    cpuMicrosecondsPerMail: Math.round((user + system) / mails),
    charactersOfHtml: Math.round(characters / mails),
  };
}

if (import.meta.main) console.log(measureRate(Number(process.argv[2] ?? 5)));
