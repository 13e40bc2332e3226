/** One Ctrl-C or `kill` arrives twice where npm, or the tool that sent it to a whole group, passes it on as well. */
const sameWishMs = 1_000;

/** Resolves at the first SIGINT, SIGTERM or SIGHUP; one more, later, ends the process at once. */
export async function untilAskedToEnd(): Promise<NodeJS.Signals> {
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let askedAt: number | null = null;
  for (const signal of signals) {
    process.on(signal, () => {
      if (askedAt !== null && performance.now() - askedAt > sameWishMs) process.exit(130);
      askedAt ??= performance.now();
      resolve(signal);
    });
  }
  return promise;
}
