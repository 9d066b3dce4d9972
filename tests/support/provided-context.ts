import type {} from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** A DynamoDB Local in memory, shared by the run's files; `testTable()` names a table for each. */
    dynamodbEndpoint: string;
    /** A PostgreSQL, shared by the run's files; `createTestDatabase()` makes a database for each. */
    postgresUrl: string;
    /** A temporary folder of the run, in which `bundledProgram()` puts its files. */
    programsDir: string;
  }
}
