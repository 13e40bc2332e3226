import type { Selecting } from './selecting.ts';

/** Which of these attributes of Contacts none of the workspace's first thousand has. */
export async function unusedAttributes(
  db: Selecting,
  workspaceId: string,
  names: readonly string[],
): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const { rows } = await db.query<{ names: string[] }>({
    text: 'select app_private.unused_attributes($1, $2) as names',
    values: [workspaceId, names],
  });
  return rows[0]?.names ?? [];
}
