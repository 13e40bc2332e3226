export const states = [
  'pending',
  'allocated',
  'sending',
  'sent',
  'delivered',
  'opened',
  'clicked',
  'bounced',
  'failed',
  'cancelled',
  'uncertain',
] as const;

/** Where a SubTask stands. */
export type State = (typeof states)[number];
