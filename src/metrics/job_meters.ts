import type { WorkerEvents } from 'graphile-worker';
import { Counter, Histogram, type Registry } from 'prom-client';

/** Counts the jobs of a runner and how long they took, by their identifiers; only jobs that have code are run at all. */
export function measureJobs(registry: Registry, events: WorkerEvents): void {
  const { jobs, durations } = jobInstruments(registry);
  const since = new Map<string, number>();
  events.on('job:start', ({ job }) => since.set(job.id, performance.now()));
  const ended = (outcome: string) => {
    return ({ job }: { job: { id: string; task_identifier: string } }) => {
      const task = job.task_identifier;
      jobs.inc({ task, outcome });
      durations.observe({ task }, (performance.now() - (since.get(job.id) ?? performance.now())) / 1_000);
      since.delete(job.id);
    };
  };
  events.on('job:success', ended('done'));
  events.on('job:error', ended('error'));
}

export function jobInstruments(registry: Registry) {
  return {
    jobs: new Counter({
      name: 'postilion_jobs_total',
      help: 'Jobs that ended, by identifier and outcome (done; error: it is tried again). A run of a service is the job send.',
      labelNames: ['task', 'outcome'],
      registers: [registry],
    }),
    durations: new Histogram({
      name: 'postilion_job_duration_seconds',
      help: 'How long jobs took, by identifier. The job send lasts as long as its service has something to do.',
      labelNames: ['task'],
      buckets: [0.01, 0.05, 0.25, 1, 5, 15, 60, 300],
      registers: [registry],
    }),
  };
}
