import type { Queryable } from '../pool.ts';

export interface TaskFile {
  name: string;
  contentType: string;
  content: Buffer;
}

interface Row {
  name: string;
  content_type: string;
  content: Buffer;
}

/** The files that go along with every mail of a Task, in order. They don't change once its generation has begun. */
export async function taskFiles(db: Queryable, taskId: string): Promise<TaskFile[]> {
  const { rows } = await db.query<Row>({
    name: 'task_files',
    text: 'select * from app_private.task_files($1)',
    values: [taskId],
  });
  return rows.map(({ name, content_type, content }) => ({ name, contentType: content_type, content }));
}
