import type {} from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** A DynamoDB Local in memory, shared by the run's files; `testTable()` gives each its own table. */
    dynamodbEndpoint: string;
    /** A PostgreSQL, shared by the run's files; `createTestDatabase()` gives each its own database. */
    postgresUrl: string;
    /** A folder of the run, in which `bundledProgram()` makes its files. */
    programsDir: string;
  }
}
