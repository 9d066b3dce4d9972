import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import {
  addMicros,
  createMessage,
  createMessageToPerson,
  EPOCH,
  findMessageAt,
  formatIso,
  keys,
  listMessageGroups,
  listReadMarkers,
  type Message,
  type MessageGroup,
  type MessageGroupRow,
  type MessageItem,
  type MessageStore,
  MessageStoreError,
  markRead,
  type Person,
  parseTime,
  passageOf,
  passesSignals,
  readGate,
  verifyTable,
} from '@cruddur/ddb';
import type { DynamoDBRecord } from 'aws-lambda';
import fc from 'fast-check';
import { v7 } from 'uuid';
import { expect, inject, it } from 'vitest';
import { newRegion } from '../../../tests/support/dynamodb.ts';
import { historyRuns } from '../../../tests/support/env.ts';
import { CrashError, type Faults, injectFaults, noFaults } from '../../../tests/support/faults.ts';
import { createTestStore, itemsOf, otherInstance, person } from '../../../tests/support/messages.ts';
import { eventOf, lambdaContext } from '../../../tests/support/stream.ts';
import { openTableStream } from '../../../tests/support/table-stream.ts';
import { createHandler, type StreamHandler } from '../src/create-handler.ts';
import { readChange } from '../src/reported-message.ts';
import { type Action, action, type Change, type Mark, PEOPLE, type ReachChange, type Send } from './history-actions.ts';
import { Changes } from './history-changes.ts';
import { Reach } from './history-reach.ts';
import { checkStates } from './history-states.ts';

const MINUTE = 60_000_000;

interface Attempt {
  uuid: string;
  from: Person;
  to: Person;
  groupUuid: string | undefined;
  text: string;
  /** The message that it replies to. */
  replyTo: Message | undefined;
  asRequest: boolean;
  acknowledged: Message | undefined;
  /** False as long as each try was refused, or had to be. */
  mayBeStored: boolean;
  /** When it was last tried. Time only moves forwards. */
  minutesLater: number;
}

let store: MessageStore;
let instances: MessageStore[];
let faults: Faults;
let handler: StreamHandler;
let readStream: () => Promise<DynamoDBRecord[]>;

/** Creates a table in a new region: DynamoDB Local gets slower with the number of writes that a region has seen. */
async function beginTable(): Promise<void> {
  store = await createTestStore({}, newRegion());
  faults = injectFaults(store.client);
  // Three servers: one with the right time, one three seconds slow, one two seconds fast.
  instances = [0, -3, 2].map((seconds) =>
    otherInstance(store, { clock: () => addMicros(store.clock(), seconds * 1_000_000) }),
  );
  handler = createHandler({ table: store, logger: new Logger({ logLevel: 'SILENT' }) });
  readStream = await openTableStream(store, inject('dynamodbEndpoint'));
}

/** Another instance at a later time, with an empty cache. */
const laterInstance = (minutes: number) =>
  otherInstance(store, { clock: () => addMicros(store.clock(), minutes * MINUTE) });

const expectWhole = async () => expect((await verifyTable(store)).breaches).toEqual([]);

/** One history: what people attempted, the stream's records, and how many of them the Lambda has handled. */
class History {
  readonly people = Array.from({ length: PEOPLE }, () => person());
  readonly attempts: Attempt[] = [];
  readonly records: DynamoDBRecord[] = [];
  /** By person and group: the latest acknowledged mark, all that were tried, and those of them that the other person may see. */
  readonly marks = new Map<string, { acknowledged: string; tried: Set<string>; shown: Set<string> }>();
  readonly reach = new Reach();
  readonly changes = new Changes(this.reach);
  /** By owner and group: the newest row that was seen. */
  readonly rows = new Map<string, MessageGroupRow>();
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
  }

  /** Reads the new records of the stream that pass the Lambda's filter. */
  private async readOn(): Promise<void> {
    this.records.push(...(await readStream()).filter((each) => readChange(each) !== undefined));
  }

  private async perform(step: Action): Promise<void> {
    switch (step.kind) {
      case 'send':
        await this.attempt(this.begin(step), instances[step.instance]);
        return;
      case 'change':
        return this.change(step);
      case 'reach':
        return this.changeReach(step);
      case 'together':
        return this.writeAndRead({ ...step, marks: [] });
      case 'retry':
        return this.retry(step);
      case 'retryChange': {
        const attempt = this.changes.attempts[step.which % Math.max(1, this.changes.attempts.length)];
        return attempt && this.changes.attempt(attempt, laterInstance(step.minutesLater));
      }
      case 'deliver':
        await this.readOn();
        return this.deliver(step);
      case 'repeat': {
        const from = Math.max(0, this.delivered - step.back);
        await this.handle(this.records.slice(from, Math.min(from + step.size, this.delivered)));
        return;
      }
      case 'overlap': {
        // Two successive batches, the first of them twice, all at the same time, while people write and read.
        await this.readOn();
        const first = this.records.slice(this.delivered, this.delivered + step.size);
        const second = this.records.slice(this.delivered + step.size, this.delivered + 2 * step.size);
        const batches = [first, second, first].map((batch) => this.handle(batch));
        await Promise.all([...batches, this.writeAndRead(step)]);
        this.delivered += first.length + second.length;
        return;
      }
      case 'mark': {
        // The next batch moves the rows of the groups that are being marked.
        await this.readOn();
        await Promise.all([this.writeAndRead(step), this.deliver({ ...step, shuffled: false })]);
      }
    }
  }

  private async writeAndRead(step: {
    sends: Send[];
    marks: Mark[];
    changes: Change[];
    reaches: ReachChange[];
  }): Promise<void> {
    await Promise.all([
      ...step.sends.map((each) => this.attempt(this.begin(each), instances[each.instance])),
      ...step.marks.map((each) => this.mark(each)),
      ...step.changes.map((each) => this.change(each)),
      ...step.reaches.map((each) => this.changeReach(each)),
    ]);
  }

  private async changeReach(change: ReachChange): Promise<void> {
    const [me, other] = this.pairOf(change.who, change.to);
    const group = this.threadOf(me, other)[0]?.messageGroupUuid;
    await this.reach.attempt(change, [me, other], group, instances[change.instance] ?? store);
  }

  /** A person, and one of the others. */
  private pairOf(who: number, to: number): [Person, Person] {
    const me = this.people[who];
    const other = this.people.filter((each) => each !== me)[to];
    if (!me || !other) throw new Error('no such people');
    return [me, other];
  }

  /** The messages between two people that were acknowledged. */
  private threadOf(one: Person, other: Person): Message[] {
    return this.attempts.flatMap(({ acknowledged, from, to }) =>
      acknowledged && [one, other].every((each) => [from, to].includes(each)) ? [acknowledged] : [],
    );
  }

  private async change(change: Change): Promise<void> {
    const user = this.people[change.who] ?? person();
    const senders = ({ from, to }: Attempt) => (change.what === 'reaction' ? [from, to] : [from]);
    const own = this.attempts.filter((each) => each.acknowledged && senders(each).includes(user));
    const target = own[own.length - 1 - (change.back % Math.max(1, own.length))];
    if (!target?.acknowledged) return;
    const attempt = this.changes.begin(change, user, target.acknowledged, [target.from.uuid, target.to.uuid]);
    await this.changes.attempt(attempt, instances[change.instance] ?? store);
  }

  private async mark({ who, back, instance }: Mark): Promise<void> {
    const user = this.people[who] ?? person();
    const own = this.attempts.filter(({ acknowledged, from, to }) => acknowledged && [from, to].includes(user));
    const sent = own[own.length - 1 - (back % Math.max(1, own.length))];
    if (!sent?.acknowledged) return;
    const { messageGroupUuid, createdAt } = sent.acknowledged;
    const otherUuid = (sent.from === user ? sent.to : sent.from).uuid;
    const table = instances[instance] ?? store;
    const key = `${user.uuid} ${messageGroupUuid}`;
    const marks = this.marks.get(key) ?? { acknowledged: '', tried: new Set(), shown: new Set() };
    this.marks.set(key, marks);
    marks.tried.add(createdAt);
    const call = this.reach.begin([['isMarkedUnread', false, user.uuid, otherUuid]]);
    try {
      const at = parseTime(createdAt) ?? EPOCH;
      const gate = await readGate(table, user.uuid, otherUuid);
      const { marker } = await markRead(table, {
        messageGroupUuid,
        userUuid: user.uuid,
        at,
        isShown: passesSignals(gate),
      });
      expect(marker.readAt >= createdAt).toBe(true);
      if (marker.readAt > marks.acknowledged) marks.acknowledged = marker.readAt;
    } catch (error) {
      if (!(error instanceof CrashError)) throw error;
    } finally {
      call.end();
      if (!this.reach.isBlocked(user.uuid, otherUuid, call.span)) marks.shown.add(createdAt);
    }
  }

  private begin({ from, to, byGroup, v4, replyTo, asRequest }: Send): Attempt {
    const [sender, recipient] = this.pairOf(from, to);
    const thread = this.threadOf(sender, recipient);
    const attempt: Attempt = {
      uuid: v4 ? randomUUID() : v7(),
      from: sender,
      to: recipient,
      groupUuid: byGroup ? thread[0]?.messageGroupUuid : undefined,
      text: `Line ${this.attempts.length}`,
      replyTo: replyTo === undefined ? undefined : thread[thread.length - 1 - (replyTo % Math.max(1, thread.length))],
      asRequest,
      acknowledged: undefined,
      mayBeStored: false,
      minutesLater: 0,
    };
    this.attempts.push(attempt);
    return attempt;
  }

  private async attempt(attempt: Attempt, instance = store): Promise<Message | undefined> {
    const { from: sender, to, uuid, text, replyTo, acknowledged } = attempt;
    const call = this.reach.beginSend(sender.uuid, to.uuid, attempt.asRequest);
    try {
      const message = await send(attempt, instance);
      call.end(true);
      attempt.mayBeStored ||= !this.reach.isClosed(sender.uuid, to.uuid, call.span);
      // What passed a closed gate was stored before.
      expect(attempt.mayBeStored).toBe(true);
      if (acknowledged)
        expect(message).toMatchObject({ uuid, createdAt: acknowledged.createdAt, userUuid: sender.uuid });
      else attempt.acknowledged = { ...message, message: text };
      if (!message.deletedAt) expect(message.replyTo?.uuid).toBe(replyTo?.uuid);
      return message;
    } catch (error) {
      call.end();
      if (error instanceof CrashError) {
        attempt.mayBeStored ||= !this.reach.isClosed(sender.uuid, to.uuid, call.span);
        return undefined;
      }
      const isGate =
        error instanceof MessageStoreError && this.reach.mayRefuse(error.reason, sender.uuid, to.uuid, call.span);
      if (!isGate) throw error;
      // A retry of a stored message returns it.
      expect(acknowledged).toBeUndefined();
      return undefined;
    }
  }

  private async retry({ which, minutesLater }: { which: number; minutesLater: number }): Promise<void> {
    const attempt = this.attempts[which % Math.max(1, this.attempts.length)];
    if (!attempt) return;
    attempt.minutesLater = Math.max(attempt.minutesLater, minutesLater);
    faults.forgetsTokens = attempt.minutesLater > 10;
    const message = await this.attempt(attempt, laterInstance(attempt.minutesLater));
    Object.assign(faults, noFaults());
    if (!message) return;
    // As it is now, whatever happened to it since.
    const { messageGroupUuid, createdAt } = message;
    const current = await findMessageAt(store, { messageGroupUuid, at: parseTime(createdAt) ?? EPOCH });
    expect(message).toEqual(current);
  }

  private async deliver(step: { size: number; shuffled: boolean }): Promise<void> {
    const batch = this.records.slice(this.delivered, this.delivered + step.size);
    if (step.shuffled) {
      await this.handle([...batch].reverse());
      // A real stream keeps its order, so a shuffled batch counts as delivered only if all of it was handled.
      if (!faults.crash) this.delivered += batch.length;
      return;
    }
    const failed = await this.handle(batch);
    this.delivered += failed === undefined ? batch.length : failed;
  }

  /** Calls the handler with a batch. Returns the position of the first record that failed. */
  private async handle(batch: DynamoDBRecord[]): Promise<number | undefined> {
    const { batchItemFailures } = await handler(eventOf(batch), lambdaContext);
    const [failure] = batchItemFailures;
    if (!failure) return undefined;
    return batch.findIndex((each) => each.dynamodb?.SequenceNumber === failure.itemIdentifier);
  }

  /**
   * Holds after every step: no member lacks a row of a group that was acknowledged, no list shows a group twice, and no
   * marker has moved backwards. Rows take a single call, a list takes several: lists are read for people who have just
   * marked, and for everyone else in turn.
   */
  async checkNow(step: Action, index: number): Promise<void> {
    const marked = new Set(step.kind === 'mark' ? step.marks.map(({ who }) => who) : []);
    await Promise.all(
      this.people.map(async (owner, i) => {
        if (marked.has(i) || index % (PEOPLE * PEOPLE) === i * PEOPLE) await this.checkList(owner);
        else this.checkGroups(owner, await this.groupsInRows(owner));
      }),
    );
  }

  private async groupsInRows(owner: Person): Promise<string[]> {
    const rows = await itemsOf<MessageGroupRow>(store, keys.messageGroups(owner.uuid));
    const newest = new Map(rows.map((row) => [row.message_group_uuid, row]));
    for (const [uuid, row] of newest) {
      const seen = this.rows.get(`${owner.uuid} ${uuid}`);
      this.rows.set(`${owner.uuid} ${uuid}`, row);
      // A row never moves backwards, nor shows an earlier version of its message again.
      expect(seen === undefined || seen.sk <= row.sk).toBe(true);
      if (seen?.sk === row.sk) expect(row.message_version ?? 0).toBeGreaterThanOrEqual(seen.message_version ?? 0);
    }
    return [...newest.keys()];
  }

  private checkGroups(owner: Person, uuids: string[], isListed = false): void {
    const isShown = (other: Person) => !isListed || !this.reach.mayHide(owner.uuid, other.uuid);
    const own = this.attempts.filter(
      ({ from, to }) => (from === owner && isShown(to)) || (to === owner && isShown(from)),
    );
    expect(uuids).toEqual(expect.arrayContaining(own.flatMap((each) => each.acknowledged?.messageGroupUuid ?? [])));
  }

  private async checkList(owner: Person): Promise<MessageGroup[]> {
    const call = this.reach.begin();
    const { items } = await listMessageGroups(store, { userUuid: owner.uuid, limit: 50 });
    call.end();
    const uuids = items.map(({ uuid }) => uuid);
    expect(new Set(uuids).size).toBe(uuids.length);
    this.checkGroups(owner, uuids, true);
    for (const row of items) {
      const { uuid, readAt, clearedThrough } = row;
      const other = this.people.find(({ handle }) => handle === row.handle);
      this.reach.checkRow(row, owner.uuid, other?.uuid ?? '', call.span);
      const marks = this.marks.get(`${owner.uuid} ${uuid}`);
      expect((readAt ?? '') >= (marks?.acknowledged ?? '')).toBe(true);
      // A mark whose call crashed may have been written.
      if (readAt !== null && readAt !== clearedThrough) expect(marks?.tried).toContain(readAt);
    }
    return items;
  }

  /** Checks the promises against the model, once the stream has been handled to its end. */
  async checkEnd(): Promise<void> {
    do await this.run(deliverAll);
    while (this.delivered < this.records.length);
    for (const each of this.people) await this.reach.completeSuspension(store, each);
    const lists = new Map<string, MessageGroup[]>();
    for (const owner of this.people) lists.set(owner.uuid, await this.checkList(owner));
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
      await this.checkThread(pair, group, thread);
      const [one = '', other = ''] = pair.split(',');
      await this.checkMarks(group, [one, other]);
      const states = await checkStates(store, this.reach, [one, other], group, thread, this.isRequest(pair));
      for (const owner of pair.split(',')) {
        const rows = (await itemsOf<MessageGroupRow>(store, keys.messageGroups(owner))).filter(
          (row) => row.message_group_uuid === group,
        );
        const newest = thread.at(-1);
        const shown = rows.map(({ sk, message, message_deleted: isDeleted = false }) => [sk, message, isDeleted]);
        expect(shown).toEqual([[newest?.sk, newest?.message, newest?.deleted_at !== undefined]]);
        const listed = lists.get(owner)?.find(({ uuid }) => uuid === group);
        expect(listed !== undefined).toBe(states.get(owner)?.isListed);
        if (listed) this.checkUnread(owner, listed, thread);
      }
    }
  }

  /** Whether the group of two people must have begun as a request: all that one sent was to be one, and the other sent nothing. */
  private isRequest(pair: string): boolean {
    const ofPair = this.attempts.filter(({ from, to }) => [from.uuid, to.uuid].sort().join() === pair);
    return new Set(ofPair.map(({ from }) => from)).size === 1 && ofPair.every(({ asRequest }) => asRequest);
  }

  /** Nobody sees where the other read while they could not reach each other, until one reads on or accepts. */
  private async checkMarks(messageGroupUuid: string, pair: [string, string]): Promise<void> {
    for (const viewerUuid of pair) {
      const userUuids = pair.filter((each) => each !== viewerUuid);
      const [marker] = await listReadMarkers(store, { messageGroupUuid, userUuids, viewerUuid });
      if (!marker || pair.some((each) => this.reach.wasTried('asks', each, viewerUuid))) continue;
      const shown = [...(this.marks.get(`${marker.userUuid} ${messageGroupUuid}`)?.shown ?? [])];
      expect(shown).toContain(marker.readAt);
    }
  }

  /** The list's unread count is that of the thread, up to its newest message. */
  private checkUnread(owner: string, listed: MessageGroup, thread: MessageItem[]): void {
    const times = thread
      .filter(({ user_uuid: sender, deleted_at }) => sender !== owner && deleted_at === undefined)
      .map(({ sk }) => formatIso(parseTime(sk) ?? EPOCH));
    expect(listed.unreadCount).toBe(times.filter((time) => time > (listed.readAt ?? '')).length);
    expect(listed.unreadThrough).toBe(formatIso(parseTime(thread.at(-1)?.sk ?? '') ?? EPOCH));
  }

  private async checkThread(pair: string, group: string, thread: MessageItem[]): Promise<void> {
    const written = thread.map(({ message_uuid: uuid }) => uuid);
    expect(new Set(written).size).toBe(written.length);
    const ofPair = this.attempts.filter(({ from, to }) => [from.uuid, to.uuid].sort().join() === pair);
    const acknowledged = ofPair.filter((each) => each.acknowledged).map(({ uuid }) => uuid);
    expect(written).toEqual(expect.arrayContaining(acknowledged));
    await Promise.all(
      thread.map((item) => {
        const attempt = ofPair.find(({ uuid }) => uuid === item.message_uuid);
        expect(attempt?.mayBeStored).toBe(true);
        if (item.deleted_at === undefined) expect(item.reply_to?.message_uuid).toBe(attempt?.replyTo?.uuid);
        return this.changes.checkMessage(store, group, item, attempt?.text ?? '');
      }),
    );
  }
}

/** Sends a message as the API does. Returns what the sender sees of it. */
async function send(attempt: Attempt, instance: MessageStore): Promise<Message> {
  const { delivery: _, isAcceptance: __, ...message } = await sendToStore(attempt, instance);
  return message;
}

async function sendToStore(
  { from: sender, to, groupUuid, uuid, text, replyTo, asRequest }: Attempt,
  instance: MessageStore,
) {
  const target = replyTo && { messageUuid: replyTo.uuid, at: parseTime(replyTo.createdAt) ?? EPOCH };
  const draft = { uuid, sender, text, replyTo: target };
  const whoMayMessage = async () => (asRequest ? ('requests' as const) : ('everyone' as const));
  if (!groupUuid) return createMessageToPerson(instance, to, draft, { whoMayMessage });
  const gate = await readGate(instance, sender.uuid, to.uuid);
  const passage = passageOf(gate, sender.uuid, instance.clock());
  return createMessage(instance, groupUuid, draft, { recipientUuid: to.uuid, passage });
}

const deliverAll: Action = { kind: 'deliver', size: 100, crash: undefined, indexLags: true, shuffled: false };

// fast-check prints the seed of a failure, which reproduces it.
const runs = { ...historyRuns(), endOnFailure: true };
const HISTORIES_PER_TABLE = 50;
let histories = 0;

it(
  `keeps every promise over ${runs.numRuns} random histories of sends, replies, changes, marks, blocks, requests, states, suspensions, retries, crashes, repeats and lag`,
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 20, maxLength: 30 }), async (steps) => {
        if (histories > 0 && histories % HISTORIES_PER_TABLE === 0) await expectWhole();
        if (histories++ % HISTORIES_PER_TABLE === 0) await beginTable();
        const history = new History();
        for (const [index, step] of steps.entries()) {
          await history.run(step);
          await history.checkNow(step, index);
        }
        await history.checkEnd();
      }),
      runs,
    );
    await expectWhole();
  },
  // Only ends a test that hangs.
  runs.numRuns * 30_000,
);
