import { Counter, type Registry } from 'prom-client';

/** Tells of leases that a sweep had to settle. */
export type LeaseMeter = (leases: number) => void;

export function leaseMeter(registry: Registry): LeaseMeter {
  const expired = new Counter({
    name: 'postilion_leases_expired_total',
    help: 'Mails whose worker kept their lease too long and that a sweep settled: claimed ones wait again, begun ones are uncertain.',
    registers: [registry],
  });
  return (leases) => expired.inc(leases);
}
