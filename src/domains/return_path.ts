// Whether what comes back can be delivered: MX, or without one an address (RFC 5321, 5.1); "MX 0 ." says that nothing can (RFC 7505).
import type { Answer, MailExchange } from './answer.ts';
import { about, type Finding } from './finding.ts';

/** @param isBounceAddress bounces must get there; else it is where answers to mails go */
export function judgeReturnPath(
  domain: string,
  exchanges: Answer<MailExchange>,
  addresses: Answer<string>,
  isBounceAddress: boolean,
): Finding {
  const say = about('return_path', domain);
  const fault = isBounceAddress ? say.bad : say.warning;
  const what = isBounceAddress ? 'bounces and complaints' : 'answers and bounces';
  const remedy = `Add the MX record: ${domain} 10 <the host that takes its mail>.`;
  if (exchanges.state === 'unknown') return say.unknown(`The MX record of ${domain}`, exchanges.why);
  if (exchanges.state === 'found') {
    if (exchanges.records.every(({ exchange }) => exchange === '' || exchange === '.'))
      return fault(`Its MX record says that it takes no mail: ${what} are lost.`, remedy);
    return say.ok(`${what[0]?.toUpperCase()}${what.slice(1)} go to ${hosts(exchanges.records)}.`);
  }
  if (addresses.state === 'unknown') return say.unknown(`The address of ${domain}`, addresses.why);
  if (addresses.state === 'none') return fault(`It has neither an MX record nor an address: ${what} are lost.`, remedy);
  return say.warning('It has no MX record, only an address, to which mail is delivered.', remedy);
}

function hosts(exchanges: readonly MailExchange[]): string {
  return exchanges
    .toSorted((a, b) => a.priority - b.priority)
    .map(({ exchange }) => exchange)
    .join(', ');
}
