// What services can do, and what keeps them from more, in words.
import type { Capacity, CapacityOfService } from '../database/reports/report.ts';
import { number, percent, span } from './words.ts';

/** What decides how much a service sends a day. */
export function bindingWords(service: CapacityOfService): string {
  const ofPace = service.byPace > 0 ? ` (${percent(service.perDay / service.byPace)} of its pace)` : '';
  switch (service.binds) {
    case 'off':
      return 'switched off';
    case 'quota':
      return `its quota${ofPace}`;
    case 'warm-up':
      return `its warm-up, ${service.warmUpDays === 0 ? 'until tonight' : `${service.warmUpDays} days more`}`;
    case 'interval':
      return `its interval of ${span(service.intervalMs)}`;
    case 'rate':
      return `its rate of ${number(service.ratePerSecond ?? 0)} a second`;
    case 'answers':
      return `answers: ${service.maxInFlight} at once${service.answerMs === null ? '' : `, ${span(service.answerMs)} each`}`;
  }
}

/** The change that brings the end of what waits forward most. */
export function wayWords({ ways }: Capacity): string | null {
  const [best] = ways;
  if (best === undefined || best.savesMs < leastSavedMs) return null;
  const other = ways.find(({ kind }) => kind !== best.kind);
  const more =
    other !== undefined && other.savesMs >= leastSavedMs ? `; ${changeWords(other)} ${span(other.savesMs)}` : '';
  return `${capitalized(changeWords(best))} would save ${span(best.savesMs)}${more}.`;
}

const leastSavedMs = 15 * 60_000;

function changeWords({ kind, service }: Capacity['ways'][number]): string {
  if (kind === 'quota') return `lifting the quota of ${service}`;
  if (kind === 'pace') return `doubling the pace of ${service}`;
  return `another service like ${service}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Mails a day that the services can send which are neither off nor frozen for a fault. */
export function perDay({ services }: Capacity): number {
  return services
    .filter(({ binds, freezeReason }) => binds !== 'off' && freezeReason === null)
    .reduce((sum, service) => sum + service.perDay, 0);
}
