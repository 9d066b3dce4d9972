import { createCognitoClient, getCognitoProfile } from '@cruddur/cognito';
import type { StackEnv } from '@cruddur/config/env';
import { createDatabase } from '@cruddur/db';
import { createDynamoDb, createMessageStore } from '@cruddur/ddb';
import { createTokenVerifier } from './auth/verify-token.ts';
import type { Services } from './context.ts';
import { createRateLimits } from './rate-limits.ts';
import { createPeople } from './users/people.ts';

/** Connects what the server works with. Nothing is dialled before the first request. */
export function createServices(
  { stack, rateLimitFactor = 1 }: { stack: StackEnv; rateLimitFactor?: number },
  onError: (error: Error) => void,
): Services & { close(): Promise<void> } {
  const database = createDatabase(stack.postgres.url, { onError, applicationName: 'cruddur-server' });
  const client = createDynamoDb({ region: stack.region, ...stack.dynamodb });
  const cognito = createCognitoClient({ region: stack.region, ...stack.cognito });
  const people = createPeople({
    db: database.db,
    getProfile: (accessToken) => getCognitoProfile(cognito, accessToken),
  });
  const store = createMessageStore({
    client,
    tableName: stack.tableName,
    cursorSecret: stack.cursorSecret,
    findPerson: people.byUuid,
  });
  return {
    db: database.db,
    store,
    people,
    verifyToken: createTokenVerifier(stack.cognito),
    rateLimits: createRateLimits(rateLimitFactor),
    async close() {
      await database.close();
      client.destroy();
      cognito.destroy();
    },
  };
}
