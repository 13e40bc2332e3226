// Whether a user agent is a program's that acts by itself: opens and clicks of such are counted apart.
import { isbot } from 'isbot';

// Apple's privacy proxy sends exactly this, whether or not anyone reads the mail.
const PRIVACY_PROXY = 'Mozilla/5.0';
/** Image proxies of mailboxes, and scanners that name themselves; those of them that isbot knows today stand here so that they stay known. */
const PROXY_OR_SCANNER =
  /GoogleImageProxy|GmailImageProxy|YahooMailProxy|Barracuda|Mimecast|Proofpoint|Existence Discovery/i;
/** isbot takes every name without a browser's for a robot's, but the programs people read mail with have such names. */
const MAIL_READER =
  /^(Thunderbird|Microsoft Outlook|Outlook|Apple ?Mail|Airmail|Spark|eM Client|Postbox|BlackBerry|Evolution|KMail|Lotus-Notes)\b/i;

/** false says only that nothing is known against it. */
export function isMachineAgent(userAgent: string | null): boolean {
  if (userAgent === null) return false;
  if (userAgent === PRIVACY_PROXY || PROXY_OR_SCANNER.test(userAgent)) return true;
  return isbot(userAgent) && !MAIL_READER.test(userAgent);
}
