import { TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { reconnect } from '../../../tests/support/dynamodb.ts';
import { createTestStore, draft, itemsOf, otherInstance, person } from '../../../tests/support/messages.ts';
import {
  createMessageToPerson,
  deleteMessage,
  EPOCH,
  editMessage,
  keys,
  listMessages,
  type Message,
  type MessageStore,
  parseTime,
  reactToMessage,
  readMessageHistory,
} from '../src/index.ts';

/** Every order of these turns. */
function ordersOf(turns: readonly Actor[]): Actor[][] {
  if (turns.length === 0) return [[]];
  return [...new Set(turns)].flatMap((first) => {
    const rest = turns.toSpliced(turns.indexOf(first), 1);
    return ordersOf(rest).map((order) => [first, ...order]);
  });
}

/** Lets store calls through in a given order, one at a time. Calls beyond it wait for its end. */
function createTurns(order: readonly Actor[]) {
  let left = [...order];
  let waiting: { actor: Actor; start: () => void }[] = [];
  let isRunning = false;

  function next(): void {
    if (isRunning) return;
    const due = waiting.find(({ actor }) => actor === left[0]) ?? (left.length === 0 ? waiting[0] : undefined);
    if (!due) return;
    waiting = waiting.filter((each) => each !== due);
    left.shift();
    isRunning = true;
    due.start();
  }
  return {
    async take(actor: Actor): Promise<void> {
      await new Promise<void>((start) => {
        waiting.push({ actor, start });
        next();
      });
    },
    end(): void {
      isRunning = false;
      next();
    },
    /** Gives up the turns that an actor does not need. */
    leave(actor: Actor): void {
      left = left.filter((each) => each !== actor);
      next();
    },
  };
}

const ACTORS = ['edit', 'delete', 'react'] as const;
type Actor = (typeof ACTORS)[number];

let store: MessageStore;
let turns: ReturnType<typeof createTurns>;
/** The table through a client for each, whose calls wait for their turns. */
const instances = {} as Record<Actor, MessageStore>;

beforeAll(async () => {
  store = await createTestStore();
  for (const actor of ACTORS) {
    instances[actor] = await reconnect(otherInstance(store));
    instances[actor].client.middlewareStack.add(
      (call) => async (args) => {
        await turns.take(actor);
        try {
          return await call(args);
        } finally {
          turns.end();
        }
      },
      { step: 'initialize', name: 'inTurn', priority: 'high' },
    );
  }
});

async function sentMessage() {
  const [ana, ben] = [person(), person()];
  const message = await createMessageToPerson(store, ben, draft({ sender: ana, text: 'At the pier?' }));
  const { messageGroupUuid, uuid: messageUuid, createdAt } = message;
  const address = { messageGroupUuid, messageUuid, at: parseTime(createdAt) ?? EPOCH };
  return {
    edit: (from: MessageStore, text: string, revision: number) =>
      editMessage(from, { ...address, userUuid: ana.uuid, text, revision }),
    react: (from: MessageStore, isOn: boolean, emoji = '👍') =>
      reactToMessage(from, { ...address, userUuid: ben.uuid, emoji, isOn }),
    remove: (from: MessageStore) =>
      deleteMessage(from, { ...address, userUuid: ana.uuid, memberUuids: [ana.uuid, ben.uuid] }),
    now: async (): Promise<Message> => {
      const page = { messageGroupUuid, callerUuid: ana.uuid, limit: 1, isConsistent: true };
      return (await listMessages(store, page)).items[0] as Message;
    },
    versions: () => itemsOf(store, keys.messageVersions(messageGroupUuid, messageUuid)),
    history: () => readMessageHistory(store, address),
    stored: async () => (await itemsOf(store, keys.messages(messageGroupUuid)))[0],
  };
}

/** What a change returned, or why it was refused. */
const settle = (change: Promise<Message>) =>
  change.catch((error: { reason?: string }) => {
    if (!error.reason) throw error;
    return error.reason;
  });

describe('an edit, a deletion and a reaction at once', () => {
  // The deletion of an edited message also finds and erases its version.
  const calls: Actor[][] = [
    ['edit', 'edit', 'delete', 'react'],
    ['edit', 'edit', 'delete', 'delete', 'delete', 'react'],
  ];

  it.each(
    ACTORS.flatMap(
      (first) =>
        [
          [0, first],
          [1, first],
        ] as const,
    ),
  )(
    'of a message edited %d times before end right in every order of the calls that begins with: %s',
    async (revision, first) => {
      const orders = ordersOf(calls[revision] ?? []).filter((order) => order[0] === first);
      expect(orders.length).toBeGreaterThan(2);
      for (const order of orders) {
        const message = await sentMessage();
        if (revision === 1) await message.edit(store, 'At the harbour?', 0);
        const before = (await message.now()).version;
        turns = createTurns(order);
        const run = async (actor: Actor, change: (from: MessageStore) => Promise<Message>) => {
          const result = await settle(change(instances[actor]));
          turns.leave(actor);
          return result;
        };
        const [edited, deleted, reacted] = await Promise.all([
          run('edit', (from) => message.edit(from, 'At the mill?', revision)),
          run('delete', (from) => message.remove(from)),
          run('react', (from) => message.react(from, true)),
        ]);
        const context = order.join(' ');
        const now = await message.now();
        expect(deleted, context).toEqual(now);
        expect(now, context).toMatchObject({ message: '', reactions: [], editedAt: null });
        expect(await message.versions(), context).toEqual([]);
        expect(JSON.stringify(await message.stored()), context).not.toMatch(/pier|harbour|mill|reacted_/);
        // The deletion was the last change, and each change has a version of its own.
        const earlier = [edited, reacted].flatMap((each) => (typeof each === 'string' ? [] : [each.version]));
        for (const each of [edited, reacted])
          if (typeof each === 'string') expect(each, context).toBe('message_deleted');
        expect([...earlier.toSorted((a, b) => a - b), now.version], context).toEqual(
          Array.from({ length: earlier.length + 1 }, (_, i) => before + 1 + i),
        );
      }
    },
  );
});

describe('fifty at once', () => {
  const fifty = async <T>(run: (from: MessageStore, i: number) => Promise<T>) => {
    const all = await Promise.all(Array.from({ length: 5 }, () => reconnect(otherInstance(store))));
    return Promise.all(Array.from({ length: 50 }, (_, i) => run(all[i % all.length] ?? store, i)));
  };

  it('set the same reaction once', async () => {
    const { react, now } = await sentMessage();
    const answers = await fifty((from) => react(from, true));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toEqual(await now());
    expect(answers[0]).toMatchObject({ version: 1 });
  });

  it('set and remove a reaction: each version has one state, and each returned message has the state of its version', async () => {
    const { react, now } = await sentMessage();
    const answers = await fifty((from, i) => react(from, i % 2 === 0));
    for (const answer of [...answers, await now()]) {
      expect(answer.reactions.length, `version ${answer.version}`).toBe(answer.version % 2);
    }
    const versions = answers.map(({ version }) => version);
    expect(Math.max(...versions)).toBe((await now()).version);
  });

  it('set six different reactions of one person: five are set', async () => {
    const { react, now } = await sentMessage();
    const emoji = ['👍', '🎉', '🏮', '🌊', '⛵', '🐟'];
    const answers = await fifty((from, i) => settle(react(from, true, emoji[i % emoji.length])));
    const { reactions, version } = await now();
    expect([reactions.length, version]).toEqual([5, 5]);
    const refused = answers.flatMap((answer, i) => (typeof answer === 'string' ? [emoji[i % emoji.length]] : []));
    expect(new Set(answers.filter((answer) => typeof answer === 'string'))).toEqual(
      new Set(['reaction_limit_reached']),
    );
    const missing = emoji.find((each) => !reactions.some((reaction) => reaction.emoji === each));
    expect(new Set(refused)).toEqual(new Set([missing]));
  });

  it('edit the same revision differently: one does, and the others are conflicts', async () => {
    const { edit, now, history } = await sentMessage();
    const answers = await fifty((from, i) => settle(edit(from, `At the ${i}th pier?`, 0)));
    const edited = answers.filter((answer) => typeof answer !== 'string');
    expect(edited).toEqual([await now()]);
    expect(edited[0]).toMatchObject({ revision: 1, version: 1 });
    expect(answers.filter((answer) => answer === 'revision_conflict')).toHaveLength(49);
    expect((await history()).items.map(({ message }) => message)).toEqual(['At the pier?']);
  });

  it('are the same edit: it is applied once, and returned to each', async () => {
    const { edit, now, history } = await sentMessage();
    const answers = await fifty((from) => edit(from, 'At the mill?', 0));
    const current = await now();
    expect(answers).toEqual(Array(50).fill(current));
    expect(current).toMatchObject({ revision: 1, version: 1 });
    expect((await history()).items).toHaveLength(1);
  });

  it('delete a message: once, with one tombstone', async () => {
    const { edit, remove, now } = await sentMessage();
    await edit(store, 'At the mill?', 0);
    const answers = await fifty((from) => remove(from));
    expect(answers).toEqual(Array(50).fill(await now()));
    expect((await now()).version).toBe(2);
  });
});

describe('a write that DynamoDB refuses because an edit is being written', () => {
  it.each<[string, (message: Awaited<ReturnType<typeof sentMessage>>, from: MessageStore) => Promise<Message>]>([
    ['reaction', (message, from) => message.react(from, true)],
    ['deletion', (message, from) => message.remove(from)],
  ])('is tried again: a %s', async (_, change) => {
    const message = await sentMessage();
    const instance = await reconnect(otherInstance(store));
    let refusals = 2;
    instance.client.middlewareStack.add(
      (next, context) => (args) => {
        if (context.commandName === 'UpdateItemCommand' && refusals-- > 0) {
          throw new TransactionConflictException({ message: 'in progress', $metadata: {} });
        }
        return next(args);
      },
      { step: 'initialize', name: 'conflict', priority: 'low' },
    );
    expect(await change(message, instance)).toEqual(await message.now());
    expect((await message.now()).version).toBe(1);
  });
});
