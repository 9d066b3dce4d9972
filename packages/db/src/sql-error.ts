import { DatabaseError } from 'pg';

/** SQLSTATEs that this package acts on. */
export const SQLSTATE = { uniqueViolation: '23505', duplicateDatabase: '42P04', noSuchDatabase: '3D000' } as const;

/** The error as PostgreSQL sent it, from within what Drizzle made of it; undefined for any other. */
export function findDatabaseError(error: unknown): DatabaseError | undefined {
  if (error instanceof DatabaseError) return error;
  return error instanceof Error && error.cause !== error ? findDatabaseError(error.cause) : undefined;
}
