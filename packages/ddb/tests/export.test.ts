import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { draft, person, putItems } from '../../../tests/support/messages.ts';
import {
  createMessage,
  createMessageToPerson,
  deleteMessage,
  EXPORT_PAGE,
  type ExportedPage,
  type ExportLine,
  editMessage,
  exportConversations,
  keys,
  type MessageStore,
  type Person,
  reactToMessage,
} from '../src/index.ts';
import { mark, moveRows, putMessages, startConversation, timeOf } from './conversation.ts';

type Line<Type extends ExportLine['type']> = Extract<ExportLine, { type: Type }>;

/** Reads an export to its end. */
async function readExport(store: MessageStore, { uuid: userUuid }: Person, beforePage?: (n: number) => Promise<void>) {
  const pages: ExportedPage[] = [];
  let cursor: string | undefined;
  do {
    await beforePage?.(pages.length);
    const page = await exportConversations(store, { userUuid, cursor });
    pages.push(page);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const lines = pages.flatMap((page) => page.lines);
  const of = <Type extends ExportLine['type']>(type: Type) =>
    lines.filter((line): line is Line<Type> => line.type === type);
  return { pages, messages: of('message'), conversations: of('conversation'), blocked: of('blocked') };
}

const UNCHANGED = { mutedUntil: null, isPinned: false, isMarkedUnread: false };
const uuidsOf = (items: readonly { message_uuid: string }[]) => items.map(({ message_uuid }) => message_uuid);

describe('exportConversations', () => {
  it('has every conversation with its messages, oldest first, as they are now', async () => {
    const { store, ana, ben, first, group } = await startConversation();
    const cleo = person();
    const address = { messageGroupUuid: group, messageUuid: first.uuid, at: timeOf(first) };
    await editMessage(store, { ...address, userUuid: ana.uuid, text: 'Edited', revision: 0 });
    await reactToMessage(store, { ...address, userUuid: ben.uuid, emoji: '👍', isOn: true });
    const replyTo = { messageUuid: first.uuid, at: timeOf(first) };
    const reply = await createMessage(store, group, draft({ sender: ben, replyTo }));
    await deleteMessage(store, {
      messageGroupUuid: group,
      messageUuid: reply.uuid,
      at: timeOf(reply),
      userUuid: ben.uuid,
      memberUuids: [ana.uuid, ben.uuid],
    });
    await mark(store, ana, group, reply);
    const other = await createMessageToPerson(store, cleo, draft({ sender: ana, text: 'Hello Cleo' }));
    const { messages, conversations, pages } = await readExport(store, ana);
    expect(conversations).toEqual([
      { type: 'conversation', uuid: group, person: ben, readAt: reply.createdAt, ...UNCHANGED },
      { type: 'conversation', uuid: other.messageGroupUuid, person: cleo, readAt: null, ...UNCHANGED },
    ]);
    expect(messages).toEqual([
      {
        type: 'message',
        uuid: first.uuid,
        conversationUuid: group,
        createdAt: first.createdAt,
        sender: ana,
        message: 'Edited',
        replyTo: null,
        reactions: [{ emoji: '👍', userUuids: [ben.uuid] }],
        editedAt: expect.any(String),
        deletedAt: null,
      },
      expect.objectContaining({ uuid: reply.uuid, message: '', replyTo: null, deletedAt: expect.any(String) }),
      expect.objectContaining({ uuid: other.uuid, sender: ana, message: 'Hello Cleo', replyTo: null }),
    ]);
    expect(pages.at(-1)).toMatchObject({ progress: 1, nextCursor: null });
  });

  it('is complete, in bounded pages, while messages arrive and rows move', async () => {
    const { store, ana, ben, group } = await startConversation();
    const long = await putMessages(
      store,
      group,
      Array.from({ length: 1_150 }, () => ben),
    );
    await moveRows(store, group);
    const groups = [group];
    const expected = new Set(uuidsOf(long));
    for (let n = 0; n < 70; n++) {
      const hello = await createMessageToPerson(store, person(), draft({ sender: ana }));
      groups.push(hello.messageGroupUuid);
      expected.add(hello.uuid);
    }
    const { pages, messages } = await readExport(store, ana, async (page) => {
      // The first conversation that is not read yet, one in the middle, and the one that is being read.
      for (const uuid of [groups.at(-1), groups[page], group]) {
        if (uuid === undefined || page > 20) continue;
        await putMessages(store, uuid, [ana]);
        await moveRows(store, uuid);
      }
    });
    expect(pages.length).toBeLessThan(30);
    const found = new Set(messages.map(({ uuid }) => uuid));
    expect([...expected].filter((uuid) => !found.has(uuid))).toEqual([]);
    // A long conversation that moves is not read from the start again.
    expect(messages.filter(({ uuid }) => long.some(({ message_uuid }) => message_uuid === uuid))).toHaveLength(1_150);
    const progress = pages.map((page) => page.progress);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    for (const { lines } of pages) expect(lines.length).toBeLessThanOrEqual(EXPORT_PAGE.lines);
    expect(Math.max(...pages.map(({ nextCursor }) => nextCursor?.length ?? 0))).toBeLessThan(3_000);
  }, 60_000);

  it('keeps a page of the longest messages below a megabyte', async () => {
    const { store, ana, ben, group } = await startConversation();
    await putMessages(
      store,
      group,
      Array.from({ length: 400 }, () => ben),
      '\u0001'.repeat(1024),
    );
    const { pages, messages } = await readExport(store, ana);
    expect(messages).toHaveLength(401);
    for (const { lines } of pages) expect(Buffer.byteLength(JSON.stringify(lines))).toBeLessThan(1_000_000);
  });

  it('leaves out what the person has cleared or declined', async () => {
    const { store, ana, ben, group } = await startConversation();
    const [, second, third] = await putMessages(store, group, [ben, ben, ana]);
    const clear = (sk: string, more = {}) =>
      putItems(store, [{ ...keys.readMarker(ana.uuid, group), cleared_through: sk, ...more }]);
    await clear(second?.sk ?? '');
    expect((await readExport(store, ana)).messages.map(({ uuid }) => uuid)).toEqual([third?.message_uuid]);
    expect((await readExport(store, ben)).messages).toHaveLength(4);
    await clear(third?.sk ?? '');
    expect(await readExport(store, ana)).toMatchObject({ messages: [], conversations: [] });
    await clear(second?.sk ?? '', { request: 'declined' });
    expect(await readExport(store, ana)).toMatchObject({ messages: [], conversations: [] });
  });

  it('has the people whom the person blocks, more than a page of them', async () => {
    const { store, ana } = await startConversation();
    const people = Array.from({ length: EXPORT_PAGE.lines + 1 }, () => person());
    const at = '2026-11-20T08:15:30.123456+00:00';
    const item = ({ uuid, handle, displayName }: Person) => ({
      ...keys.block(ana.uuid, uuid),
      user_uuid: uuid,
      user_handle: handle,
      user_display_name: displayName,
      blocked_at: at,
    });
    await putItems(store, people.map(item));
    const { blocked, messages } = await readExport(store, ana);
    const byUuid = (a: { uuid: string }, b: { uuid: string }) => (a.uuid < b.uuid ? -1 : 1);
    const blockedAt = '2026-11-20T08:15:30.123456Z';
    expect(blocked).toEqual(people.sort(byUuid).map((each) => ({ type: 'blocked', ...each, blockedAt })));
    expect(messages).toHaveLength(1);
  });

  it('is empty for someone without conversations, and refuses another person’s cursor', async () => {
    const { store, ana } = await startConversation();
    const stranger = person();
    expect(await readExport(store, stranger)).toMatchObject({ messages: [], conversations: [], blocked: [] });
    const { nextCursor } = await exportConversations(store, { userUuid: ana.uuid });
    const stolen = exportConversations(store, { userUuid: randomUUID(), cursor: nextCursor ?? '' });
    await expect(stolen).rejects.toMatchObject({ reason: 'cursor_invalid' });
  });
});
