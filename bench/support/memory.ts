import { readFileSync } from 'node:fs';

export interface MemoryWatch extends Disposable {
  /** Resident memory in MB, in the order it was measured. */
  readonly samples: readonly number[];
}

/** Measures the resident memory of a process again and again, until it is disposed of. Linux only: it reads /proc. */
export function watchMemory(pid: number, everyMs: number): MemoryWatch {
  const samples = [residentMb(pid)];
  const timer = setInterval(() => samples.push(residentMb(pid)), everyMs);
  return { samples, [Symbol.dispose]: () => clearInterval(timer) };
}

function residentMb(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kb === undefined) throw new Error(`process ${pid} has no memory any more`);
  return Number(kb) / 1024;
}
