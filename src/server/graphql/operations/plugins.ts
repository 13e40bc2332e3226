// Health, diagnosis, history and repair, as the terminal has them: read by functions that only postilion_admin may execute.
import { DiagnosisPlugin } from './diagnosis.ts';
import { HealthPlugin } from './health.ts';
import { HistoryPlugin } from './history.ts';
import { RepairsPlugin } from './repairs.ts';

export const operationsPlugins: readonly GraphileConfig.Plugin[] = [
  HealthPlugin,
  DiagnosisPlugin,
  HistoryPlugin,
  RepairsPlugin,
];
