import type {} from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** A DynamoDB Local in memory, shared by all test files; `createTestStore()` makes a table in it. */
    dynamodbEndpoint: string;
    /** A PostgreSQL, shared by all test files; `createTestDatabase()` makes a database in it. */
    postgresUrl: string;
    /** A temporary folder, where `bundledProgram()` writes its files. */
    programsDir: string;
  }
}
