import { createMessageToPerson, type Person } from '@cruddur/ddb';
import pMap from 'p-map';
import { v7 } from 'uuid';
import type { BenchPerson, BenchStack } from '../stack.ts';

export interface Participant extends BenchPerson {
  conversation: Conversation;
}

/** Shared by its two people. */
interface Conversation {
  messageGroupUuid: string;
  people: readonly [Person, Person];
  /** Time of the newest acknowledged message, as in the API. */
  newestAt: string;
}

/** Creates pairs of people with a conversation each. */
export async function makePairs({ store, makePerson }: BenchStack, pairs: number): Promise<Participant[]> {
  const makePair = async (i: number): Promise<Participant[]> => {
    const [one, other] = [await makePerson(`one${i}`), await makePerson(`other${i}`)];
    const draft = { uuid: v7(), sender: one.person, text: 'Hello' };
    const { messageGroupUuid, createdAt } = await createMessageToPerson(store, other.person, draft);
    const people = [one.person, other.person] as const;
    const conversation: Conversation = { messageGroupUuid, people, newestAt: createdAt };
    return [one, other].map((each) => ({ ...each, conversation }));
  };
  const indexes = Array.from({ length: pairs }, (_, i) => i);
  return (await pMap(indexes, makePair, { concurrency: 4 })).flat();
}
