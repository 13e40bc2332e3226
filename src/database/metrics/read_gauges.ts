import type { Queryable } from '../pool.ts';

/** A number of the database's state. */
export interface GaugeReading {
  /** Of the metric, without its prefix. */
  readonly name: string;
  /** Of its one label; null: it has none. */
  readonly label: string | null;
  /** In base units. */
  readonly value: number;
}

/** What monitoring shows of the database's state. As postilion_worker. */
export async function readGauges(db: Queryable): Promise<GaugeReading[]> {
  const { rows } = await db.query<GaugeReading>({
    name: 'read_gauges',
    text: 'select name, label, value from app_private.read_gauges()',
  });
  return rows;
}
