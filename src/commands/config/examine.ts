import { z } from 'zod';
import { ConfigError, type Reading, readConfig } from '../../config.ts';
import { type InForce, inForce, valuesInForce } from './in_force.ts';
import { failed, type Trial, trial, warning } from './trial.ts';
import { tryAddresses } from './try_addresses.ts';
import { tryDatabase } from './try_database.ts';
import { tryPort } from './try_port.ts';

export const configResult = z.strictObject({
  /** Nothing failed. */
  ok: z.boolean(),
  /** Empty where a value can not be used. */
  values: z.array(inForce),
  checks: z.array(trial),
});

export type ConfigResult = z.infer<typeof configResult>;

/** What is in force, and what came of trying it. Nothing is changed by it. */
export async function examineConfig(): Promise<ConfigResult> {
  try {
    const reading = readConfig();
    return resultOf(valuesInForce(reading), [...meaningless(reading), ...(await tryAll(reading))]);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return resultOf(
      [],
      error.faults.map(({ key, message }) => failed(key, `${message}.`, '')),
    );
  }
}

async function tryAll({ config }: Reading): Promise<Trial[]> {
  return [...(await tryDatabase(config)), tryAddresses(config), ...(await tryPorts(config))];
}

function tryPorts(config: Reading['config']): Promise<Trial[]> {
  const ports = Object.entries(config).filter(([key]) => key === 'PORT' || key.endsWith('_PORT'));
  return Promise.all(
    ports.flatMap(([key, port]) => (typeof port === 'number' ? [tryPort(key, config.HOST, port)] : [])),
  );
}

function meaningless({ nearMisses }: Reading): Trial[] {
  return nearMisses.map(({ key, says }) =>
    warning(key, `It is set, and means nothing: ${says}`, 'Rename it, or take it away.'),
  );
}

function resultOf(values: InForce[], checks: Trial[]): ConfigResult {
  return { ok: checks.every(({ state }) => state !== 'failed'), values, checks };
}
