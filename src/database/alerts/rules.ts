import { z } from 'zod';
import type { Queryable } from '../pool.ts';

export const alertRule = z.object({
  kind: z.string(),
  title: z.string(),
  unit: z.string(),
  isFloor: z.boolean(),
  warningAt: z.number().nullable(),
  criticalAt: z.number().nullable(),
  windowMinutes: z.number(),
  minimumVolume: z.number(),
  sustainedMinutes: z.number(),
  slack: z.number(),
  quietMinutes: z.number(),
  repeatMinutes: z.number(),
  action: z.string(),
  isEnabled: z.boolean(),
});

export type AlertRule = z.infer<typeof alertRule>;

/** What people may set, by the names of the columns. */
export const settable = {
  'warning-at': 'warning_at',
  'critical-at': 'critical_at',
  'window-minutes': 'window_minutes',
  'minimum-volume': 'minimum_volume',
  'sustained-minutes': 'sustained_minutes',
  slack: 'slack',
  'quiet-minutes': 'quiet_minutes',
  'repeat-minutes': 'repeat_minutes',
  action: 'action',
  enabled: 'is_enabled',
} as const;

export type Setting = keyof typeof settable;

const columns = `kind, title, unit, is_floor as "isFloor", warning_at as "warningAt", critical_at as "criticalAt", window_minutes as "windowMinutes",
  minimum_volume as "minimumVolume", sustained_minutes as "sustainedMinutes", slack, quiet_minutes as "quietMinutes", repeat_minutes as "repeatMinutes",
  action, is_enabled as "isEnabled"`;

/** In the order of their kinds. As the owner. */
export async function alertRules(db: Queryable): Promise<AlertRule[]> {
  return z.array(alertRule).parse((await db.query(`select ${columns} from app_public.alert_rules order by kind`)).rows);
}

/** Changes one setting of a rule. As the owner. @returns the rule; null: there is none of this kind. @throws a constraint's refusal */
export async function setAlertRule(
  db: Queryable,
  kind: string,
  setting: Setting,
  value: string | null,
): Promise<AlertRule | null> {
  const { rows } = await db.query(
    `update app_public.alert_rules set ${settable[setting]} = $2 where kind = $1 returning ${columns}`,
    [kind, value],
  );
  return z.array(alertRule).parse(rows)[0] ?? null;
}
