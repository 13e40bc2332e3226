/** The code of a system or database error (ENOENT, 42P01, …), its own or that of its cause; otherwise its message. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause instanceof Error ? codeOf(error.cause) : error.message;
}
