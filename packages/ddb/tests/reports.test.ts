import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestStore, draft, itemsOf, originGroup, person, putItems } from '../../../tests/support/messages.ts';
import {
  createMessage,
  createMessageToPerson,
  deleteMessage,
  editMessage,
  findReport,
  keys,
  listModeration,
  listReports,
  type Message,
  type Person,
  RESOLVED_REPORT_DAYS,
  reportMessage,
  resolveReport,
} from '../src/index.ts';
import { timeOf } from './conversation.ts';

let store: Awaited<ReturnType<typeof createTestStore>>;
beforeAll(async () => {
  store = await createTestStore();
});

const MODERATOR = { by: 'ada', reason: 'Spam' };
const addressOf = (message: Message) => ({
  messageGroupUuid: message.messageGroupUuid,
  messageUuid: message.uuid,
  at: timeOf(message),
});
const report = (reporter: Person, message: Message, note?: string) =>
  reportMessage(store, { ...addressOf(message), reporter, reason: 'abuse', note });
const pointersOf = async (status: 'open' | 'resolved') => (await itemsOf(store, keys.reports(status))).length;

/** A thread of one person's messages to another. */
async function thread(texts: readonly string[]) {
  const [ana, ben] = [person(), person()];
  const messages: Message[] = [];
  for (const text of texts) {
    const message = draft({ sender: ana, text });
    const group = messages[0]?.messageGroupUuid;
    messages.push(await (group ? createMessage(store, group, message) : createMessageToPerson(store, ben, message)));
  }
  const at = (index: number) => messages[index] ?? expect.fail(`no message ${index}`);
  return { ana, ben, messages, at };
}

const texts = (messages: readonly { message: string }[] | undefined) => messages?.map(({ message }) => message);

describe('a report', () => {
  it('keeps the message, five before and five after it, with senders and times', async () => {
    const { ana, ben, messages, at } = await thread(Array.from({ length: 13 }, (_, i) => `Line ${i}`));
    const reply = await createMessage(
      store,
      at(0).messageGroupUuid,
      draft({ sender: ben, text: 'Stop that', replyTo: { messageUuid: at(6).uuid, at: timeOf(at(6)) } }),
    );
    const found = await findReport(store, await report(ben, at(9), 'He does not stop'));
    expect(found).toMatchObject({ reporter: ben, reason: 'abuse', note: 'He does not stop', resolution: null });
    expect(found?.messageGroupUuid).toBe(reply.messageGroupUuid);
    expect(found?.message).toEqual({
      uuid: at(9).uuid,
      sender: ana,
      message: 'Line 9',
      createdAt: at(9).createdAt,
      editedAt: null,
      deletedAt: null,
      repliesTo: null,
      versions: [],
    });
    expect(texts(found?.before)).toEqual(texts(messages.slice(4, 9)));
    expect(texts(found?.after)).toEqual(['Line 10', 'Line 11', 'Line 12', 'Stop that']);
    expect(found?.after.at(-1)).toMatchObject({ sender: ben, repliesTo: 'Line 6', createdAt: reply.createdAt });
  });

  it('keeps texts and earlier versions although the message is deleted, and says which were deleted before', async () => {
    const { ana, ben, at } = await thread(['First', 'A threat', 'Last']);
    const memberUuids = [ana.uuid, ben.uuid] as const;
    const remove = (message: Message) =>
      deleteMessage(store, { ...addressOf(message), userUuid: ana.uuid, memberUuids });
    await remove(at(0));
    const edited = await editMessage(store, { ...addressOf(at(1)), userUuid: ana.uuid, text: 'A joke', revision: 0 });
    const id = await report(ben, at(1));
    await remove(at(1));
    expect(await findReport(store, id)).toMatchObject({
      before: [{ message: '', deletedAt: expect.stringMatching(/Z$/) }],
      message: {
        message: 'A joke',
        editedAt: edited.editedAt,
        deletedAt: null,
        versions: [{ revision: 0, message: 'A threat', createdAt: at(1).createdAt }],
      },
    });
    expect(await itemsOf(store, keys.messageVersions(at(1).messageGroupUuid, at(1).uuid))).toEqual([]);
  });

  it('is one for a person and message, however often and at once; another person has another one', async () => {
    const { ana, ben, at } = await thread(['Hello']);
    const before = await pointersOf('open');
    const ids = await Promise.all([1, 2, 3].map((n) => report(ben, at(0), `Note ${n}`)));
    expect(new Set(ids).size).toBe(1);
    const kept = await findReport(store, ids[0] ?? '');
    await report(ben, at(0), 'Another note');
    expect(await findReport(store, ids[0] ?? '')).toEqual(kept);
    const answer = await createMessage(store, at(0).messageGroupUuid, draft({ sender: ben }));
    expect(await report(ana, answer)).not.toBe(ids[0]);
    expect(await pointersOf('open')).toBe(before + 2);
  });

  it('is refused for an own message and one that does not exist, and writes nothing', async () => {
    const { ana, at } = await thread(['Hello']);
    const before = await pointersOf('open');
    await expect(report(ana, at(0))).rejects.toMatchObject({ reason: 'report_of_own_message' });
    await expect(report(ana, { ...at(0), uuid: randomUUID() })).rejects.toMatchObject({ reason: 'message_not_found' });
    expect(await pointersOf('open')).toBe(before);
  });

  it("takes the origin's messages, whatever the form of their times and however long", async () => {
    const [ana, ben] = [person(), person()];
    const times = ['2023-05-01T08:00:00.5+00:00', '2023-05-01T08:00:01Z', '2023-05-01T08:00:02'];
    const { messages } = originGroup({ uuid: randomUUID(), members: [ana, ben], times });
    await putItems(
      store,
      messages.map((each) => ({ ...each, message: 'long '.repeat(60_000) })),
    );
    const { pk = '', sk = '', message_uuid: messageUuid = '' } = messages[0] ?? {};
    const address = { messageGroupUuid: pk.slice('MSG#'.length), messageUuid, at: timeOf({ sk }) };
    const found = await findReport(store, await reportMessage(store, { ...address, reporter: ben, reason: 'spam' }));
    expect(found?.message).toMatchObject({ sender: ana, createdAt: '2023-05-01T08:00:00.500000Z' });
    expect(found?.after).toHaveLength(2);
    expect(found?.message.message).toHaveLength(4096);
  });
});

describe('reports', () => {
  it('are listed by pages, open ones oldest first, resolved ones newest first', async () => {
    const own = await createTestStore();
    const { ben, messages } = await thread(['One', 'Two', 'Three']);
    await putItems(own, await itemsOf(store, keys.messages(messages[0]?.messageGroupUuid ?? '')));
    for (const message of messages) {
      await reportMessage(own, { ...addressOf(message), reporter: ben, reason: 'spam' });
    }
    const pagesOf = async (status: 'open' | 'resolved') => {
      const pages: string[][] = [];
      let after: string | undefined;
      do {
        const { items, next } = await listReports(own, status, { limit: 2, after });
        pages.push(items.map(({ message }) => message.message));
        after = next;
      } while (after !== undefined);
      return pages;
    };
    expect(await pagesOf('open')).toEqual([['One', 'Two'], ['Three']]);
    expect(await pagesOf('resolved')).toEqual([[]]);
    for (const { id } of (await listReports(own, 'open', { limit: 3 })).items) await resolveReport(own, id, MODERATOR);
    expect(await pagesOf('open')).toEqual([[]]);
    expect(await pagesOf('resolved')).toEqual([['Three', 'Two'], ['One']]);
  });

  it('are resolved once, with who, when and why in the audit, also by two moderators at once', async () => {
    const { ana, ben, at } = await thread(['Hello']);
    const id = await report(ben, at(0));
    const both = await Promise.all(
      ['ada', 'grace'].map((by) => resolveReport(store, id, { by, reason: `Seen by ${by}` })),
    );
    expect(both.filter((each) => each?.isResolvedNow)).toHaveLength(1);
    const [one, other] = both.map((each) => each?.report);
    expect(one).toEqual(other);
    const entries = (await listModeration(store, { limit: 50 })).items.filter(({ reportId }) => reportId === id);
    expect(entries).toEqual([{ action: 'resolve', person: ana, reportId: id, ...one?.resolution }]);
    const resolvedAt = one?.resolution?.at ?? '';
    const expires_at = Math.floor(Date.parse(resolvedAt) / 1000) + RESOLVED_REPORT_DAYS * 86_400;
    const pointer = (await itemsOf(store, keys.reports('resolved'))).find(({ sk }) => sk.endsWith(id));
    for (const item of [pointer, ...(await itemsOf(store, keys.report(id).pk))])
      expect(item).toMatchObject({ expires_at });
    // A further report does not open it again.
    await report(ben, at(0));
    expect((await listReports(store, 'open', { limit: 50 })).items.map((each) => each.id)).not.toContain(id);
    expect(await resolveReport(store, 'unknown', MODERATOR)).toBeUndefined();
  });
});

it('a report costs 3 read units and 16 write units, with ten other messages of 400 bytes around it', async () => {
  const { ben, at } = await thread(Array.from({ length: 11 }, () => 'x'.repeat(400)));
  const { uses } = store;
  uses.length = 0;
  await report(ben, at(5));
  expect(uses.map(({ operation, units }) => [operation, units])).toEqual([
    ['GetItem', 1],
    ['Query', 1],
    ['Query', 1],
    ['TransactWriteItems', 16],
  ]);
  uses.length = 0;
  await report(ben, at(5));
  expect(uses.map(({ operation }) => operation)).toEqual(['GetItem', 'Query', 'Query']);
});
