interface Numbered {
  readonly sequence: number;
}

/** What is seen now, where it has another number than what the client was told last. */
export async function since<T extends Numbered>(told: T | null, seen: Promise<T>): Promise<T | null> {
  const now = await seen;
  return now.sequence === told?.sequence ? null : now;
}
