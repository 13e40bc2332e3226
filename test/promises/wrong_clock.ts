// Preloaded into a process (NODE_OPTIONS=--import), it sets that process's wall clock wrong. ?ms=600000: ten minutes ahead. ?held=<milliseconds
// since 1970>: it stands at that time until SIGUSR2 and runs from then on. What counts from the process's start (performance.now, timers) is right.
const query = new URL(import.meta.url).searchParams;
const clock = Date.now;
const held = query.get('held');
let now = held === null ? runningFrom(clock() + Number(query.get('ms'))) : () => Number(held);

if (held !== null)
  process.once('SIGUSR2', () => {
    now = runningFrom(Number(held));
  });

function runningFrom(time: number): () => number {
  const shiftMs = time - clock();
  return () => clock() + shiftMs;
}

globalThis.Date = new Proxy(Date, {
  construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
  apply: (target) => new target(now()).toString(),
  get: (target, key, receiver) => (key === 'now' ? () => now() : Reflect.get(target, key, receiver)),
});
