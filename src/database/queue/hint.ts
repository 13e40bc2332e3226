/** Where a claim ended. Nothing rests on it: rows that lie before it are found by a look from the beginning. */
export interface Hint {
  readonly taskId: string;
  readonly lane: string;
  /** As the database writes it; `-infinity`: the row never had to wait. */
  readonly availableAt: string;
  /** Positions rise from row to row of a Task, with gaps: other Tasks and lanes have their share of them. */
  readonly position: number;
  /** Where the service's own row was left, so that the next claim need not look for it. */
  readonly place: string | null;
}

/** Where nothing was claimed, the place alone. */
export interface HintRow {
  hint_task_id: string | null;
  hint_lane: string | null;
  hint_available_at: string | null;
  hint_position: number | null;
  hint_place: string | null;
}

export const hintColumns = `(hint).task_id as hint_task_id, (hint).lane as hint_lane, (hint).available_at::text as hint_available_at,
  (hint).position::float8 as hint_position, (hint).place::text as hint_place`;

/** The expression of a hint whose values, `hintValues`, are the parameters from this number on. */
export function hintArgument(first: number): string {
  const [taskId, lane, availableAt, position, place] = [0, 1, 2, 3, 4].map((offset) => `$${first + offset}`);
  return `row(${taskId}::uuid, ${lane}::text, ${availableAt}::timestamptz, ${position}::bigint, ${place}::tid)::app_private.claim_hint`;
}

export function hintValues(hint: Hint | null): (string | number | null)[] {
  if (hint === null) return [null, null, null, null, null];
  return [hint.taskId, hint.lane, hint.availableAt, hint.position, hint.place];
}

export function toHint(row: HintRow): Hint | null {
  const { hint_task_id: taskId, hint_lane: lane, hint_available_at: availableAt, hint_position: position } = row;
  if (taskId === null || lane === null || availableAt === null || position === null) return null;
  return { taskId, lane, availableAt, position, place: row.hint_place };
}
