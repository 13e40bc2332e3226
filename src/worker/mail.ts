import type { BegunMail } from '../database/queue/begin_sends.ts';
import type { Attachment, Mail } from '../providers/provider.ts';
import { bindTrackingOrigin } from '../rendering/tracking_origin.ts';
import { unsubscribeHeaders } from '../rendering/unsubscribe.ts';
import type { WorkerContext } from './context.ts';

/** The finished mail: its links bound to the tracking origin of the service that sends it. */
export function toMail(
  begun: BegunMail,
  attachments: readonly Attachment[],
  trackingOrigin: string,
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
    subject: begun.subject,
    html: bind(begun.html),
    text: bind(begun.text),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, bind(value)])),
    attachments,
    customArgs: { subtask_id: begun.id, task_id: begun.taskId },
    tracked: { opens: begun.trackOpens, clicks: begun.trackClicks },
  };
}
