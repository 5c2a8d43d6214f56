/** PostgreSQL's 23503; SQLite's SQLITE_CONSTRAINT_FOREIGNKEY (787). */
export function isForeignKeyViolation(error: unknown): boolean {
  const { code, errcode } = error as { code?: string; errcode?: number };
  return code === '23503' || errcode === 787;
}
