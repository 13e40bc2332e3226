/** Server settings by name. */
export type Settings = Record<string, string>;

/** What suits a queue on one machine: room between checkpoints, and a vacuum that keeps up with rows that change often. */
export const queueSettings: Settings = {
  max_connections: '200',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  maintenance_work_mem: '128MB',
  random_page_cost: '1.1',
  jit: 'off',
  max_wal_size: '4GB',
  min_wal_size: '512MB',
  // lz4 is not in this build
  wal_compression: 'pglz',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  autovacuum_naptime: '10s',
  autovacuum_vacuum_cost_limit: '2000',
  autovacuum_vacuum_cost_delay: '1ms',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] %a ',
};

/** As a configuration file. `alter system` wins over it. */
export function settingsFile(settings: Settings): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`);
  return `# Written by Postilion at each start. Your own settings: alter system set ...\n${lines.join('')}`;
}

/** As arguments of postgres. They win over everything. */
export function settingsArguments(settings: Settings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
