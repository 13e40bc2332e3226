// A terminal taken for a while: its other screen, no cursor, keys as they are pressed; given back as it was, however it ends.
import type { ReadStream, WriteStream } from 'node:tty';

// Lines are not broken: on a terminal narrower than the columns need, what is right of its edge is not seen, and nothing scrolls.
const enter = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const leave = '\u001b[?7h\u001b[?25h\u001b[?1049l';
// A terminal that knows it shows what is in between at once; others ignore it.
const begin = '\u001b[?2026h';
const end = '\u001b[?2026l';
const home = '\u001b[H';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';

export type Input = Pick<ReadStream, 'isTTY' | 'setRawMode' | 'resume' | 'pause' | 'on' | 'off'>;
export type Output = Pick<WriteStream, 'columns' | 'rows' | 'write' | 'on' | 'off'>;

export interface Screen extends Disposable {
  /** A column is left free: a letter in the last one would be lost to what clears the rest of its line. */
  readonly columns: number;
  readonly rows: number;
  /** Over what stands there, in one write: nothing is cleared first, so nothing flickers. */
  draw(lines: readonly string[]): void;
}

interface Listeners {
  onKey(key: string): void;
  onResize(): void;
}

export function takeScreen(input: Input, output: Output, { onKey, onResize }: Listeners): Screen {
  const read = (data: Buffer) => onKey(data.toString());
  let isTaken = true;
  const giveBack = () => {
    if (!isTaken) return;
    isTaken = false;
    process.off('exit', giveBack);
    output.off('resize', onResize);
    input.off('data', read);
    if (input.isTTY) input.setRawMode(false);
    input.pause();
    output.write(leave);
  };
  process.on('exit', giveBack);
  output.write(enter);
  if (input.isTTY) input.setRawMode(true);
  input.on('data', read);
  input.resume();
  output.on('resize', onResize);
  return {
    get columns() {
      return Math.max((output.columns || 80) - 1, 20);
    },
    get rows() {
      return output.rows || 24;
    },
    draw(lines) {
      if (isTaken) output.write(begin + home + lines.map((line) => line + clearLine).join('\r\n') + clearBelow + end);
    },
    [Symbol.dispose]: giveBack,
  };
}
