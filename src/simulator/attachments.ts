// Files in a request: what EngageLab would refuse of them, and what of them is worth remembering.
import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Of all together, in bytes. */
const MAX_BYTES = 10_000_000;

const file = z.looseObject({
  filename: z.string().min(1),
  type: z.string().regex(/^[^\s/]+\/[^\s/]+$/),
  content: z.base64().min(1),
  disposition: z.enum(['attachment', 'inline']).optional(),
  content_id: z.string().optional(),
});

export const attachmentSchema = z.object({
  filename: z.string(),
  type: z.string(),
  bytes: z.number().int(),
  /** Of the content, in hex. */
  sha256: z.string(),
});
export type AttachmentNote = z.infer<typeof attachmentSchema>;

/** The first fault of `body.attachments`, or null. */
export function attachmentsFault(attachments: unknown): string | null {
  if (attachments === undefined || attachments === null) return null;
  const parsed = z.array(file).safeParse(attachments);
  if (!parsed.success) return `attachments: ${parsed.error.issues[0]?.path.join('.')} is not as it must be`;
  const bytes = parsed.data.reduce((sum, { content }) => sum + Buffer.byteLength(content, 'base64'), 0);
  return bytes > MAX_BYTES ? 'The total size of attachments is over 10MB' : null;
}

/** What can be read of them, leniently. */
export function notesOf(attachments: unknown): AttachmentNote[] {
  const parsed = z.array(file).safeParse(attachments);
  return parsed.success ? parsed.data.map(noteOf) : [];
}

function noteOf({ filename, type, content }: z.infer<typeof file>): AttachmentNote {
  const bytes = Buffer.from(content, 'base64');
  return { filename, type, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}
