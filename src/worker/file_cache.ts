import { taskFiles } from '../database/files/task_files.ts';
import type { Queryable } from '../database/pool.ts';
import type { Attachment } from '../providers/provider.ts';

/** What is kept of files, in bytes: those of two of the largest Tasks. Their base64 for EngageLab comes on top. */
const MAX_BYTES = 30_000_000;
/** Most Tasks have no files, which is worth knowing, too, and costs next to nothing. */
const MAX_TASKS = 10_000;

interface Kept {
  readonly files: Promise<readonly Attachment[]>;
  /** 0 until they are there. */
  bytes: number;
}

/** The files of the Tasks that are being sent, read once: they can't change any more. Forgets those not asked for the longest. */
export class FileCache {
  /** By Task, the last asked for at the end. */
  readonly #kept = new Map<string, Kept>();

  /** The same array each time, while it is kept. @throws what reading them throws; the next call then tries again. */
  of(db: Queryable, taskId: string): Promise<readonly Attachment[]> {
    const kept = this.#kept.get(taskId) ?? this.#read(db, taskId);
    this.#kept.delete(taskId);
    this.#kept.set(taskId, kept);
    return kept.files;
  }

  #read(db: Queryable, taskId: string): Kept {
    const kept: Kept = { files: taskFiles(db, taskId), bytes: 0 };
    kept.files.then(
      (files) => {
        kept.bytes = files.reduce((sum, { content }) => sum + content.length, 0);
        this.#forgetOld();
      },
      () => this.#kept.get(taskId) === kept && this.#kept.delete(taskId),
    );
    return kept;
  }

  #forgetOld(): void {
    let bytes = [...this.#kept.values()].reduce((sum, kept) => sum + kept.bytes, 0);
    for (const [taskId, kept] of this.#kept) {
      if (bytes <= MAX_BYTES && this.#kept.size <= MAX_TASKS) return;
      this.#kept.delete(taskId);
      bytes -= kept.bytes;
    }
  }
}
