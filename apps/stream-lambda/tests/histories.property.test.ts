import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import {
  createMessage,
  createMessageToPerson,
  keys,
  listMessageGroups,
  type Message,
  type MessageGroupRow,
  type MessageStore,
  type Person,
  verifyTable,
} from '@cruddur/ddb';
import type { DynamoDBRecord } from 'aws-lambda';
import fc from 'fast-check';
import { v7 } from 'uuid';
import { beforeAll, expect, inject, it } from 'vitest';
import { historyRuns } from '../../../tests/support/env.ts';
import { type Crash, CrashError, type Faults, injectFaults, noFaults } from '../../../tests/support/faults.ts';
import { createTestStore, itemsOf, otherInstance, person } from '../../../tests/support/messages.ts';
import { eventOf, lambdaContext } from '../../../tests/support/stream.ts';
import { openTableStream } from '../../../tests/support/table-stream.ts';
import { createHandler, type StreamHandler } from '../src/create-handler.ts';

const PEOPLE = 3;
const MINUTE = 60_000_000;

type Send = { from: number; to: number; byGroup: boolean; instance: number; v4: boolean };
type Action =
  | ({ kind: 'send'; crash: Crash | undefined } & Send)
  | { kind: 'together'; sends: Send[] }
  | { kind: 'retry'; which: number; minutesLater: number; crash: Crash | undefined }
  | { kind: 'deliver'; size: number; crash: Crash | undefined; indexLags: boolean; shuffled: boolean }
  | { kind: 'repeat'; back: number; size: number; indexLags: boolean }
  | { kind: 'overlap'; size: number; delays: number[] };

const crash = (calls: number) =>
  fc.option(fc.record({ atCall: fc.nat(calls), answered: fc.boolean() }), { nil: undefined, freq: 3 });
const send = fc.record({
  from: fc.nat(PEOPLE - 1),
  to: fc.nat(PEOPLE - 2),
  byGroup: fc.boolean(),
  instance: fc.nat(2),
  v4: fc.boolean(),
});
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(send, crash(4)).map(([each, at]) => ({ kind: 'send' as const, crash: at, ...each })),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('together' as const),
      sends: fc.array(send, { minLength: 2, maxLength: 5 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('retry' as const),
      which: fc.nat(20),
      minutesLater: fc.constantFrom(0, 0, 5, 60),
      crash: crash(4),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      size: fc.integer({ min: 1, max: 8 }),
      crash: crash(20),
      indexLags: fc.boolean(),
      shuffled: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('repeat' as const),
      back: fc.nat(20),
      size: fc.integer({ min: 1, max: 8 }),
      indexLags: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('overlap' as const),
      size: fc.integer({ min: 1, max: 6 }),
      delays: fc.array(fc.nat(12), { minLength: 3, maxLength: 9 }),
    }),
  },
);

interface Attempt {
  uuid: string;
  from: Person;
  to: Person;
  groupUuid: string | undefined;
  text: string;
  acknowledged: Message | undefined;
  /** When it was last tried: time goes forwards for everybody. */
  minutesLater: number;
}

let store: MessageStore;
let instances: MessageStore[];
let faults: Faults;
let handler: StreamHandler;
let readStream: () => Promise<DynamoDBRecord[]>;

beforeAll(async () => {
  store = await createTestStore();
  faults = injectFaults(store.client);
  // Three servers: one with the right time, one three seconds slow, one two seconds fast.
  instances = [0, -3, 2].map((seconds) => otherInstance(store, { clock: () => store.clock() + seconds * 1_000_000 }));
  handler = createHandler({ table: store, logger: new Logger({ logLevel: 'SILENT' }) });
  readStream = await openTableStream(store, inject('dynamodbEndpoint'));
});

/** One history: what people attempted, what the stream said of it, and how far the Lambda has come. */
class History {
  readonly people = Array.from({ length: PEOPLE }, () => person());
  readonly attempts: Attempt[] = [];
  readonly records: DynamoDBRecord[] = [];
  delivered = 0;

  async run(step: Action): Promise<void> {
    Object.assign(faults, noFaults(), {
      ...('crash' in step && { crash: step.crash }),
      ...('indexLags' in step && { indexLags: step.indexLags }),
      ...('delays' in step && { delays: step.delays }),
    });
    try {
      await this.perform(step);
    } finally {
      Object.assign(faults, noFaults());
    }
    this.records.push(...(await readStream()));
  }

  private async perform(step: Action): Promise<void> {
    switch (step.kind) {
      case 'send':
        return this.attempt(this.begin(step), instances[step.instance]);
      case 'together':
        await Promise.all(step.sends.map((each) => this.attempt(this.begin(each), instances[each.instance])));
        return;
      case 'retry':
        return this.retry(step);
      case 'deliver':
        return this.deliver(step);
      case 'repeat': {
        const from = Math.max(0, this.delivered - step.back);
        await this.handle(this.records.slice(from, Math.min(from + step.size, this.delivered)));
        return;
      }
      case 'overlap': {
        // Two batches that follow each other, and the first of them twice, all at the same moment.
        const first = this.records.slice(this.delivered, this.delivered + step.size);
        const second = this.records.slice(this.delivered + step.size, this.delivered + 2 * step.size);
        await Promise.all([this.handle(first), this.handle(second), this.handle(first)]);
        this.delivered += first.length + second.length;
      }
    }
  }

  private begin({ from, to, byGroup, v4 }: Send): Attempt {
    const sender = this.people[from];
    const recipient = this.people.filter((each) => each !== sender)[to];
    if (!sender || !recipient) throw new Error('nobody');
    const earlier = this.attempts.find(
      (each) => each.acknowledged && [each.from, each.to].includes(sender) && [each.from, each.to].includes(recipient),
    );
    const attempt: Attempt = {
      uuid: v4 ? randomUUID() : v7(),
      from: sender,
      to: recipient,
      groupUuid: byGroup ? earlier?.acknowledged?.messageGroupUuid : undefined,
      text: `Line ${this.attempts.length}`,
      acknowledged: undefined,
      minutesLater: 0,
    };
    this.attempts.push(attempt);
    return attempt;
  }

  private async attempt(attempt: Attempt, instance = store): Promise<void> {
    const { from: sender, to, groupUuid, uuid, text } = attempt;
    const draft = { uuid, sender, text };
    try {
      const message = groupUuid
        ? await createMessage(instance, groupUuid, draft)
        : await createMessageToPerson(instance, to, draft);
      if (attempt.acknowledged) expect(message).toEqual(attempt.acknowledged);
      attempt.acknowledged = message;
    } catch (error) {
      if (!(error instanceof CrashError)) throw error;
    }
  }

  private async retry({ which, minutesLater }: { which: number; minutesLater: number }): Promise<void> {
    const attempt = this.attempts[which % Math.max(1, this.attempts.length)];
    if (!attempt) return;
    attempt.minutesLater = Math.max(attempt.minutesLater, minutesLater);
    faults.forgetsTokens = attempt.minutesLater > 10;
    // Another instance, which remembers nothing of the first attempt.
    const clock = () => store.clock() + attempt.minutesLater * MINUTE;
    await this.attempt(attempt, otherInstance(store, { clock }));
  }

  private async deliver(step: { size: number; shuffled: boolean }): Promise<void> {
    const batch = this.records.slice(this.delivered, this.delivered + step.size);
    if (step.shuffled) {
      await this.handle([...batch].reverse());
      // A stream keeps its order; only a whole batch that came back well counts as delivered.
      if (!faults.crash) this.delivered += batch.length;
      return;
    }
    const failed = await this.handle(batch);
    this.delivered += failed === undefined ? batch.length : failed;
  }

  /** Hands a batch over; gives the position of the first record that failed. */
  private async handle(batch: DynamoDBRecord[]): Promise<number | undefined> {
    const { batchItemFailures } = await handler(eventOf(batch), lambdaContext);
    const [failure] = batchItemFailures;
    if (!failure) return undefined;
    return batch.findIndex((each) => each.dynamodb?.SequenceNumber === failure.itemIdentifier);
  }

  /** At every moment: no member lacks a row of a group that was acknowledged, and no list shows a group twice. */
  async checkNow(): Promise<void> {
    for (const { acknowledged, from, to } of this.attempts) {
      if (!acknowledged) continue;
      for (const owner of [from, to]) {
        const { items } = await listMessageGroups(store, { userUuid: owner.uuid, limit: 50 });
        const uuids = items.map(({ uuid }) => uuid);
        expect(uuids).toContain(acknowledged.messageGroupUuid);
        expect(new Set(uuids).size).toBe(uuids.length);
      }
    }
  }

  /** When the stream has been read to its end: the promises, against the model. */
  async checkEnd(): Promise<void> {
    while (this.delivered < this.records.length) await this.run(deliverAll);
    const groupOfPair = new Map<string, Set<string>>();
    for (const { acknowledged, from, to } of this.attempts) {
      if (!acknowledged) continue;
      const pair = [from.uuid, to.uuid].sort().join();
      groupOfPair.set(pair, (groupOfPair.get(pair) ?? new Set()).add(acknowledged.messageGroupUuid));
    }
    for (const [pair, groups] of groupOfPair) {
      expect(groups.size).toBe(1);
      const [group = ''] = groups;
      const thread = await itemsOf(store, keys.messages(group));
      this.checkThread(pair, thread);
      for (const owner of pair.split(',')) {
        const rows = (await itemsOf<MessageGroupRow>(store, keys.messageGroups(owner))).filter(
          (row) => row.message_group_uuid === group,
        );
        const newest = thread.at(-1);
        expect(rows.map(({ sk, message }) => [sk, message])).toEqual([[newest?.sk, newest?.message]]);
      }
    }
  }

  private checkThread(pair: string, thread: { message_uuid: string; message: string }[]): void {
    const written = thread.map(({ message_uuid: uuid }) => uuid);
    expect(new Set(written).size).toBe(written.length);
    const ofPair = this.attempts.filter(({ from, to }) => [from.uuid, to.uuid].sort().join() === pair);
    const acknowledged = ofPair.filter((each) => each.acknowledged).map(({ uuid }) => uuid);
    expect(written).toEqual(expect.arrayContaining(acknowledged));
    for (const item of thread) {
      expect(ofPair.find(({ uuid }) => uuid === item.message_uuid)?.text).toBe(item.message);
    }
  }
}

const deliverAll: Action = { kind: 'deliver', size: 100, crash: undefined, indexLags: true, shuffled: false };

// fast-check prints the seed of a failure, which reproduces it.
const runs = historyRuns();

it(`keeps every promise over ${runs.numRuns} random histories of sends, retries, crashes, repeats and lag`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 25 }), async (steps) => {
      const history = new History();
      for (const step of steps) {
        await history.run(step);
        await history.checkNow();
      }
      await history.checkEnd();
    }),
    runs,
  );
  expect((await verifyTable(store)).breaches).toEqual([]);
}, 600_000);
