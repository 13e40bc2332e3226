import type { BegunMail } from '../database/queue/begin_sends.ts';
import type { Attachment, Mail } from '../providers/provider.ts';
import { returnPathOf } from '../rendering/return_path.ts';
import { bindTrackingOrigin } from '../rendering/tracking_origin.ts';
import { unsubscribeHeaders } from '../rendering/unsubscribe.ts';
import type { WorkerContext } from '../worker/context.ts';

/** What a service gives the mails that it sends. */
export interface MailTerms {
  readonly trackingOrigin: string;
  readonly bounceAddress: string | null;
}

/** The finished mail: its links bound to the tracking origin of the service that sends it, its bounces to that service's mailbox for them. */
export function toMail(
  begun: BegunMail,
  attachments: readonly Attachment[],
  { trackingOrigin, bounceAddress }: MailTerms,
  { config, secret }: Pick<WorkerContext, 'config' | 'secret'>,
): Mail {
  const bind = (text: string) => bindTrackingOrigin(text, trackingOrigin);
  const headers = unsubscribeHeaders(secret.tracking, begun.trackingId, config.TRACKING_UNSUBSCRIBE_PATH);
  return {
    subTaskId: begun.id,
    requestId: `${begun.id}.${begun.refusals}`,
    from: { address: begun.senderEmail, name: begun.senderDisplayName },
    to: begun.recipientEmail,
    replyTo: begun.replyTo,
    returnPath: bounceAddress === null ? null : returnPathOf(bounceAddress, secret.tracking, begun.trackingId),
    subject: begun.subject,
    html: bind(begun.html),
    text: bind(begun.text),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, bind(value)])),
    attachments,
    customArgs: { subtask_id: begun.id, task_id: begun.taskId },
    tracked: { opens: begun.trackOpens, clicks: begun.trackClicks },
  };
}
