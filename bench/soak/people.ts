import { createMessageToPerson, type Person } from '@cruddur/ddb';
import pMap from 'p-map';
import { v7 } from 'uuid';
import type { BenchPerson, BenchStack } from '../stack.ts';

export interface Participant extends BenchPerson {
  other: Person;
  conversation: Conversation;
}

/** Shared by its two people. */
interface Conversation {
  messageGroupUuid: string;
  /** Time of its first message, as in the API. */
  startedAt: string;
  /** Time of the newest acknowledged message. */
  newestAt: string;
}

/** Creates pairs of people with a conversation each. */
export async function makePairs({ store, makePerson }: BenchStack, pairs: number): Promise<Participant[]> {
  const makePair = async (i: number): Promise<Participant[]> => {
    const [one, other] = [await makePerson(`one${i}`), await makePerson(`other${i}`)];
    const draft = { uuid: v7(), sender: one.person, text: 'Hello' };
    const { messageGroupUuid, createdAt } = await createMessageToPerson(store, other.person, draft);
    const conversation: Conversation = { messageGroupUuid, startedAt: createdAt, newestAt: createdAt };
    return [
      { ...one, other: other.person, conversation },
      { ...other, other: one.person, conversation },
    ];
  };
  const indexes = Array.from({ length: pairs }, (_, i) => i);
  return (await pMap(indexes, makePair, { concurrency: 4 })).flat();
}
