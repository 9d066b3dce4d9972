export { type CognitoEngine, type CognitoOptions, startCognito } from './cognito.ts';
export { createLocalDynamoDbClient, type DynamoDbOptions, startDynamoDb } from './dynamodb.ts';
export type { Engine, ExitReport } from './engine.ts';
export { readJavaHome } from './env.ts';
export { StackError } from './errors.ts';
export { dropDatabase, type PostgresOptions, startPostgres } from './postgres.ts';
export type { StreamHandler } from './stream-runner/run.ts';
export { type StreamRunner, type StreamRunnerOptions, startStreamRunner } from './stream-runner/start-stream-runner.ts';
export { createDynamoDbStreams } from './stream-runner/streams-client.ts';
