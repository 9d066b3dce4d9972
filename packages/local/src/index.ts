export { type CognitoEngine, type CognitoOptions, startCognito } from './cognito.ts';
export { createLocalDynamoDbClient, type DynamoDbOptions, startDynamoDb } from './dynamodb.ts';
export type { Engine, ExitReport } from './engine.ts';
export { readJavaHome } from './env.ts';
export { StackError } from './errors.ts';
export { createPostgresDatabase, dropPostgresDatabase, type PostgresOptions, startPostgres } from './postgres.ts';
