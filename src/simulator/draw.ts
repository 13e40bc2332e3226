// Chance that repeats: a draw depends on the seed and on what it is drawn for, never on the order of the draws.

/** A number in [0, 1), always the same for the same seed and words. */
export function draw(seed: number, ...words: string[]): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const word of words) {
    for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ 0x1f, 0x01000193);
  }
  return mixed(hash) / 0x1_0000_0000;
}

/** A number of milliseconds from `range`. */
export function drawWithin(range: readonly [number, number], seed: number, ...words: string[]): number {
  return range[0] + (range[1] - range[0]) * draw(seed, ...words);
}

// FNV-1a alone leaves the high bits of similar words alike; this is the finalizer of MurmurHash3.
function mixed(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
