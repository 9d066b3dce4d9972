import { randomUUID } from 'node:crypto';
import { createUser } from '@cruddur/db';
import { createMessageStore, createMessageToPerson, type Person } from '@cruddur/ddb';
import pMap from 'p-map';
import { v7 } from 'uuid';
import { forgeToken } from '../../apps/server/tests/forge-token.ts';
import type { BenchStack } from '../stack.ts';

/** Somebody with an open page, and the conversation that it shows. */
export interface Participant {
  person: Person;
  token: string;
  conversation: Conversation;
}

/** A pair's group; both of its people hold the same object. */
export interface Conversation {
  messageGroupUuid: string;
  people: readonly [Person, Person];
  /** Time of the newest message that was acknowledged, as the API gives it. */
  newestAt: string;
}

/** Makes people in pairs who have a conversation each. */
export async function makePairs(stack: BenchStack, pairs: number): Promise<Participant[]> {
  const store = createMessageStore({ ...stack.table, cursorSecret: randomUUID().repeat(2) });
  const indexes = Array.from({ length: pairs }, (_, i) => i);
  const made = await pMap(
    indexes,
    async (i) => {
      const [one, other] = [await makePerson(stack, `one${i}`), await makePerson(stack, `other${i}`)];
      const draft = { uuid: v7(), sender: one.person, text: 'Hello' };
      const { messageGroupUuid, createdAt } = await createMessageToPerson(store, other.person, draft);
      const conversation: Conversation = {
        messageGroupUuid,
        people: [one.person, other.person],
        newestAt: createdAt,
      };
      return [one, other].map((each) => ({ ...each, conversation }));
    },
    { concurrency: 4 },
  );
  return made.flat();
}

/** Somebody whom PostgreSQL knows, and a token that is good for two hours. */
export async function makePerson(stack: BenchStack, handle: string): Promise<{ person: Person; token: string }> {
  const cognitoUserId = randomUUID();
  const email = `${handle}@cruddur.example`;
  const person = await createUser(stack.database.db, { handle, displayName: handle, email, cognitoUserId });
  const exp = Math.floor(Date.now() / 1000) + 7200;
  return { person, token: await forgeToken(stack.cognito, { sub: cognitoUserId, exp }) };
}
