// Promise: the live view redraws in place, follows the terminal's size, survives a database that is away, and gives the terminal back as it was.
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { forecastNowAndThen } from '../../src/commands/top/forecasts.ts';
import { type Input, type Output, takeScreen } from '../../src/commands/top/screen.ts';
import { watch } from '../../src/commands/top/watch.ts';
import type { Top } from '../../src/database/reports/read_top.ts';
import { aTop, aTopTask } from './a_top.ts';

class FakeTerminal extends EventEmitter {
  isTTY = true;
  columns = 80;
  rows = 24;
  isRaw = false;
  isPaused = true;
  readonly written: string[] = [];
  write(text: string): boolean {
    this.written.push(text);
    return true;
  }
  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw;
    return this;
  }
  resume(): this {
    this.isPaused = false;
    return this;
  }
  pause(): this {
    this.isPaused = true;
    return this;
  }
}

function aTerminal() {
  const terminal = new FakeTerminal();
  const both: unknown = terminal;
  return { terminal, input: both as Input, output: both as Output };
}

test('taken and given back once, whatever happens', () => {
  const { terminal, input, output } = aTerminal();
  const keys: string[] = [];
  const exits = process.listenerCount('exit');
  const screen = takeScreen(input, output, { onKey: (key) => keys.push(key), onResize: () => {} });
  assert.ok(terminal.isRaw && !terminal.isPaused);
  assert.deepEqual(terminal.written, ['\u001b[?1049h\u001b[?25l\u001b[?7l']);
  terminal.emit('data', Buffer.from('q'));
  screen.draw(['one', 'two']);
  assert.equal(terminal.written[1], '\u001b[?2026h\u001b[Hone\u001b[K\r\ntwo\u001b[K\u001b[J\u001b[?2026l');
  screen[Symbol.dispose]();
  screen[Symbol.dispose]();
  screen.draw(['late']);
  assert.deepEqual(terminal.written.slice(2), ['\u001b[?7h\u001b[?25h\u001b[?1049l']);
  assert.ok(!terminal.isRaw && terminal.isPaused);
  assert.deepEqual(keys, ['q']);
  assert.deepEqual(
    [terminal.listenerCount('data'), terminal.listenerCount('resize'), process.listenerCount('exit')],
    [0, 0, exits],
  );
});

/** A view whose turns are taken one at a time. */
function aView(reads: (() => Promise<Top>)[]) {
  const { terminal, input, output } = aTerminal();
  const end = new AbortController();
  let next = () => {};
  let waiting = Promise.withResolvers<void>();
  const screen = takeScreen(input, output, { onKey: () => {}, onResize: () => view.redraw() });
  const view = watch({
    read: () => (reads.shift() ?? (() => Promise.reject(new Error('no more'))))(),
    screen,
    paint: (_, text) => text,
    wait: () => {
      const turn = Promise.withResolvers<void>();
      next = turn.resolve;
      waiting.resolve();
      waiting = Promise.withResolvers();
      return turn.promise;
    },
    ended: end.signal,
  });
  const drawn = () => waiting.promise;
  const turn = () => {
    const again = waiting.promise;
    next();
    return again;
  };
  const close = async () => {
    end.abort();
    next();
    await view.done;
    screen[Symbol.dispose]();
  };
  return { terminal, view, drawn, turn, close };
}

test('a frame at each look, and at once when the terminal changes', async () => {
  const { terminal, drawn, turn, close } = aView([async () => aTop(), async () => aTop({ workers: 7 })]);
  await drawn();
  assert.match(terminal.written.at(-1) ?? '', /workers 2/);
  terminal.columns = 120;
  terminal.emit('resize');
  const lengths = (terminal.written.at(-1) ?? '').split('\r\n').map((line) => line.length);
  assert.ok(Math.max(...lengths) > 110);
  await turn();
  assert.match(terminal.written.at(-1) ?? '', /workers 7/);
  await close();
});

test('while the database is away the last frame stays, and says so; then it goes on', async () => {
  const away = () => Promise.reject(new Error('terminating connection'));
  const { terminal, drawn, turn, close } = aView([async () => aTop(), away, async () => aTop({ workers: 5 })]);
  await drawn();
  await turn();
  assert.match(terminal.written.at(-1) ?? '', /workers 2[\s\S]*does not answer \(terminating connection\)/);
  await turn();
  assert.match(terminal.written.at(-1) ?? '', /workers 5/);
  assert.doesNotMatch(terminal.written.at(-1) ?? '', /does not answer/);
  await close();
});

test('a first look that fails is told as any command tells it', async () => {
  const { view } = aView([() => Promise.reject(new Error('no such address'))]);
  await assert.rejects(view.done, /no such address/);
});

test('forecasts are asked for every 20 seconds, and in between come nearer as time passes', async () => {
  const asked: number[] = [];
  let second = 0;
  const look = forecastNowAndThen(async (forecasts) => {
    asked.push(forecasts);
    const at = new Date(Date.UTC(2026, 0, 1) + second * 1_000).toISOString();
    const known = forecasts > 0 ? { doneInMs: 60_000, limiting: 'pace' } : { doneInMs: null, limiting: null };
    return aTop({ at, tasks: [{ ...aTopTask, ...known }] });
  });
  const foreseen: (number | null | undefined)[] = [];
  for (second of [0, 1, 20, 21, 22]) foreseen.push((await look()).tasks[0]?.doneInMs);
  assert.deepEqual(asked, [10, 0, 0, 10, 0]);
  assert.deepEqual(foreseen, [60_000, 59_000, 40_000, 60_000, 59_000]);
});
