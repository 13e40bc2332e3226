import type { Summary } from '../../simulator/summary.ts';
import type { Snapshot } from './follow.ts';

export interface ServiceResult {
  name: string;
  intervalMs: number;
  sent: number;
  /** Smallest gap between two arrivals at the provider; null for fewer than two. */
  minGapMs: number | null;
  /** Share of the ideal rate: (sent − 1) × (interval + mean round trip) ÷ (last − first arrival). */
  idealRatio: number | null;
  /** Only where a service was to fail: whether it is frozen for a fault, and why. The rate of a frozen one is not judged. */
  frozen?: boolean;
  frozenReason?: string | null;
}

export interface DemoResult {
  recipients: number;
  sent: number;
  delivered: number;
  opened: number;
  clicked: number;
  bounced: number;
  failed: number;
  uncertain: number;
  pending: number;
  duplicatesAtProvider: number;
  statsDrift: number;
  intervalViolations: number;
  services: ServiceResult[];
  elapsedMs: number;
}

/**
 * Puts together what our statistics say and what the provider saw.
 * @param frozen reasons by service; null: none was to fail
 */
export function resultOf(
  task: Snapshot & { statisticsDrift: number },
  provider: Summary,
  elapsedMs: number,
  frozen: ReadonlyMap<string, string> | null,
): DemoResult {
  const { total, open, states, funnel } = task.statistics;
  return {
    recipients: total,
    sent: funnel.sent,
    delivered: funnel.delivered,
    opened: funnel.opened,
    clicked: funnel.clicked,
    bounced: funnel.bounced,
    failed: states.failed,
    uncertain: states.uncertain,
    pending: open,
    duplicatesAtProvider: provider.duplicatesAtProvider.length,
    statsDrift: task.statisticsDrift,
    intervalViolations: Object.values(provider.accounts).reduce((sum, { violations }) => sum + violations, 0),
    services: byName(task.services).map((service) => {
      const result = serviceResult(service, provider);
      return frozen === null ? result : withFreeze(result, frozen.get(service.service.name) ?? null);
    }),
    elapsedMs: Math.round(elapsedMs),
  };
}

function byName(services: Snapshot['services']): Snapshot['services'] {
  return services.toSorted((a, b) => a.service.name.localeCompare(b.service.name));
}

function serviceResult(
  { service: { name, intervalMs }, sent, meanAnswerMs }: Snapshot['services'][number],
  provider: Summary,
): ServiceResult {
  const seen = provider.accounts[name];
  const span = seen?.firstAt == null || seen.lastAt == null ? 0 : seen.lastAt - seen.firstAt;
  const ideal = (sent - 1) * (intervalMs + (meanAnswerMs ?? 0));
  return {
    name,
    intervalMs,
    sent,
    minGapMs: seen?.minGapMs == null ? null : rounded(seen.minGapMs, 1),
    idealRatio: span > 0 ? rounded(ideal / span, 4) : null,
  };
}

function withFreeze(result: ServiceResult, reason: string | null): ServiceResult {
  const frozen = reason !== null;
  return { ...result, idealRatio: frozen ? null : result.idealRatio, frozen, frozenReason: reason };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** For people: a line per service, then the funnel. */
export function describe(result: DemoResult): string {
  const mayFreeze = result.services.some(({ frozen }) => frozen !== undefined);
  const head = ['service', 'sent', 'smallest gap', 'interval', 'of the ideal rate', ...(mayFreeze ? ['frozen'] : [])];
  const rows = result.services.map(({ name, sent, minGapMs, intervalMs, idealRatio, frozenReason }) => [
    name,
    String(sent),
    minGapMs === null ? '–' : `${minGapMs.toFixed(1)} ms`,
    `${intervalMs} ms`,
    idealRatio === null ? '–' : `${(idealRatio * 100).toFixed(1)} %`,
    ...(mayFreeze ? [frozenReason ?? ''] : []),
  ]);
  const { recipients, sent, delivered, opened, clicked, bounced, failed, uncertain } = result;
  const funnel = { recipients, sent, delivered, opened, clicked, bounced, failed, uncertain };
  return [
    table([head, ...rows]),
    '',
    ...Object.entries(funnel).map(
      ([name, count]) => `${name.padEnd(11)} ${String(count).padStart(6)}  ${bar(count, recipients)}`,
    ),
    '',
    `${result.intervalViolations} intervals undercut · ${result.duplicatesAtProvider} mails doubled at the provider · ` +
      `statistics and rows differ by ${result.statsDrift} · ${(result.elapsedMs / 1000).toFixed(1)} s`,
  ].join('\n');
}

function bar(count: number, total: number): string {
  return '█'.repeat(total === 0 ? 0 : Math.ceil((count / total) * 40));
}

function table(rows: string[][]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('   ')
        .trimEnd(),
    )
    .join('\n');
}
