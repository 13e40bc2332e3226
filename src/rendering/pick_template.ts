/**
 * Chooses one of a Task's templates for a contact, in proportion to the weights. The choice follows from the seed alone, so a batch
 * that is resumed picks the same again, as long as the templates come in the same order. A seed of Task id and contact id
 * keeps the choices of two Tasks apart; the contact's alone would put the same people into variant A for ever.
 * @throws RangeError when no template has a weight above 0.
 */
export function pickTemplate<T extends { readonly weight: number }>(templates: readonly T[], seed: string): T {
  const candidates = templates.filter((template) => template.weight > 0);
  const total = candidates.reduce((sum, template) => sum + template.weight, 0);
  let left = fraction(seed) * total;
  for (const template of candidates) {
    left -= template.weight;
    if (left < 0) return template;
  }
  // Only rounding gets here with candidates at hand.
  const last = candidates.at(-1);
  if (last === undefined) throw new RangeError('no template has a weight above 0');
  return last;
}

/** FNV-1a over the seed's characters, then the finish of MurmurHash3, for FNV leaves its high bits poorly mixed. @returns [0, 1) */
function fraction(seed: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
