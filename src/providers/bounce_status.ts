// What an enhanced status code (RFC 3463) says of the address that a mail was refused for: one judgement for all providers.

/** No such mailbox, system or address; moved away for good; no mail taken there; disabled. Nothing else is the address's fault. */
const HARD = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1']);
/** Not part of a longer number, such as an IP address or a version. */
const CODE = /(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)/g;
/** "Other or undefined status": says nothing that the class of the reply did not. */
const UNDEFINED = /\.0\.0$/;

/**
 * Judges by the first code in these texts that says anything.
 * @returns null when none does: then the provider's own word must do
 */
export function judgeStatus(...texts: readonly (string | null)[]): 'hard_bounce' | 'soft_bounce' | null {
  const code = texts.flatMap((text) => text?.match(CODE) ?? []).find((found) => !UNDEFINED.test(found));
  if (code === undefined) return null;
  return HARD.has(code) ? 'hard_bounce' : 'soft_bounce';
}
