import type { Queryable } from '../database/pool.ts';
import { rollCall } from '../database/services/roll_call.ts';
import { wakeIdleServices } from '../database/services/wake_idle_services.ts';
import type { Logger } from '../log.ts';
import type { CalledService } from '../metrics/roll_gauges.ts';

/**
 * Verifies that every enabled service with work runs, says so ("2/2 services running"), and wakes those that don't.
 * A wake is a moment's matter, so a service is missing only when it is so twice in a row.
 */
export class RollCall {
  readonly #db: Queryable;
  readonly #log: Logger;
  readonly #tell: (services: readonly CalledService[]) => void;
  #said = '';
  #missingBefore = new Set<string>();

  constructor(db: Queryable, log: Logger, tell: (services: readonly CalledService[]) => void = () => {}) {
    this.#db = db;
    this.#log = log;
    this.#tell = tell;
  }

  async call(): Promise<void> {
    const services = await rollCall(this.#db);
    this.#tell(services);
    const missing = services.filter(({ isRunning }) => !isRunning);
    const still = missing.filter(({ id }) => this.#missingBefore.has(id));
    this.#missingBefore = new Set(missing.map(({ id }) => id));
    this.#say(services.length - still.length, services.length);
    if (still.length > 0) {
      this.#log.error({ services: still.map(({ name }) => name) }, 'services have work and do not run; waking them');
      await wakeIdleServices(this.#db, 'missing at the roll call');
    }
  }

  #say(running: number, all: number): void {
    const sentence = `${running}/${all} services running`;
    if (all > 0 && sentence !== this.#said) this.#log.info(sentence);
    this.#said = sentence;
  }
}
