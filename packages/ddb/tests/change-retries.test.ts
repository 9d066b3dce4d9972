import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { reconnect } from '../../../tests/support/dynamodb.ts';
import { injectFaults } from '../../../tests/support/faults.ts';
import { firstAttemptId } from '../../../tests/support/first-attempt-id.ts';
import { createTestStore, draft, idMadeAgo, itemsOf, otherInstance, person } from '../../../tests/support/messages.ts';
import {
  addMicros,
  createMessage,
  createMessageToPerson,
  deleteMessage,
  EPOCH,
  editMessage,
  keys,
  type Message,
  type MessageStore,
  parseTime,
  reactToMessage,
  readMessageHistory,
} from '../src/index.ts';

const reused = { reason: 'client_message_uuid_reused' };
const [ana, ben] = [person(), person()];
const memberUuids = [ana.uuid, ben.uuid] as const;

let store: Awaited<ReturnType<typeof createTestStore>>;
let group: string;
/** What the messages of these tests reply to. */
let targets: [Message, Message];

beforeAll(async () => {
  store = await createTestStore();
  const first = await createMessageToPerson(store, ben, draft({ sender: ana }));
  group = first.messageGroupUuid;
  targets = [first, await createMessage(store, group, draft({ sender: ben }))];
});

const addressOf = ({ messageGroupUuid, uuid, createdAt }: Message) => ({
  messageGroupUuid,
  messageUuid: uuid,
  at: parseTime(createdAt) ?? EPOCH,
});
const replyTo = (target: Message) => ({ messageUuid: target.uuid, at: parseTime(target.createdAt) ?? EPOCH });
const react = (to: Message, isOn = true) =>
  reactToMessage(store, { ...addressOf(to), userUuid: ben.uuid, emoji: '🏮', isOn });
const edit = (of: Message, text: string, revision = 0) =>
  editMessage(store, { ...addressOf(of), userUuid: ana.uuid, text, revision });
const remove = (message: Message) => deleteMessage(store, { ...addressOf(message), userUuid: ana.uuid, memberUuids });

/** Another instance, some minutes later; after ten minutes DynamoDB has forgotten the tokens. */
async function later(minutes: number, forgetsTokens: boolean): Promise<MessageStore> {
  const clock = () => addMicros(store.clock(), minutes * 60_000_000);
  const instance = await reconnect(otherInstance(store, { clock }));
  injectFaults(instance.client).forgetsTokens = forgetsTokens;
  return instance;
}

describe.each<[string, () => string, number, boolean]>([
  ['under a new id, at once', firstAttemptId, 0, false],
  ['under an id of a minute ago, at once', () => idMadeAgo(60), 0, false],
  ['under an id of a minute ago, an hour later', () => idMadeAgo(60), 60, true],
  ['under an id of a day ago, with a receipt', () => idMadeAgo(86_400), 0, false],
  ['under an id of a day ago, with a receipt and without a token', () => idMadeAgo(86_400), 60, true],
  ['under an id without a time, with a receipt', () => randomUUID(), 0, false],
  ['under an id without a time, with a receipt and without a token', () => randomUUID(), 60, true],
])('a create that is repeated %s', (_, makeId, minutes, forgetsTokens) => {
  async function sent() {
    const original = draft({ sender: ana, uuid: makeId(), text: 'At the pier?', replyTo: replyTo(targets[0]) });
    return { original, message: await createMessage(store, group, original) };
  }
  const repeat = async (original: Parameters<typeof createMessage>[2]) => {
    const before = await itemsOf(store, keys.messages(group));
    const instance = await later(minutes, forgetsTokens);
    const answers = await Promise.all([
      createMessage(instance, group, original),
      createMessageToPerson(instance, ben, original),
    ]);
    expect(await itemsOf(store, keys.messages(group))).toEqual(before);
    expect(answers[1]).toEqual(answers[0]);
    return answers[0];
  };

  it('returns a reply', async () => {
    const { original, message } = await sent();
    expect(message.replyTo).toMatchObject({ uuid: targets[0].uuid });
    expect(await repeat(original)).toEqual(message);
  });

  it('returns a message with reactions, one edited, and one edited again, as they are now', async () => {
    const { original, message } = await sent();
    const reacted = await react(message);
    expect(await repeat(original)).toEqual(reacted);
    const edited = await edit(message, 'At the mill?');
    expect(await repeat(original)).toEqual(edited);
    const editedAgain = await edit(message, 'At the harbour?', 1);
    expect(await repeat(original)).toEqual(editedAgain);
  });

  it('returns the tombstone of one deleted', async () => {
    const { original, message } = await sent();
    await edit(message, 'At the mill?');
    const tombstone = await remove(message);
    expect(await repeat(original)).toEqual(tombstone);
  });

  it('is refused with another text or another quote, edited or not', async () => {
    const { original, message } = await sent();
    const instance = await later(minutes, forgetsTokens);
    const others = [
      { ...original, text: 'At the mill?' },
      { ...original, replyTo: undefined },
      { ...original, replyTo: replyTo(targets[1]) },
    ];
    const refuseOthers = () =>
      Promise.all(others.map((each) => expect(createMessage(instance, group, each)).rejects.toMatchObject(reused)));
    await refuseOthers();
    await edit(message, 'At the mill?');
    await refuseOthers();
  });
});

describe('a create that is repeated while its message is deleted', () => {
  it('returns it, although nothing is left to compare', async () => {
    const original = draft({ sender: ana, uuid: idMadeAgo(60), text: 'At the pier?' });
    const message = await createMessage(store, group, original);
    await edit(message, 'At the mill?');
    const instance = await later(0, false);
    // It has read the edited message, and is about to read its first text.
    instance.client.middlewareStack.add(
      (next) => async (args) => {
        if (JSON.stringify(args.input).includes('EDIT#')) await remove(message);
        return next(args);
      },
      { step: 'initialize' },
    );
    expect(await createMessage(instance, group, original)).toMatchObject({ uuid: message.uuid, revision: 1 });
    expect(await createMessage(instance, group, original)).toMatchObject({ message: '', version: 2 });
  });
});

describe('a change that is repeated', () => {
  const sent = () => createMessage(store, group, draft({ sender: ana, text: 'At the pier?' }));

  it('is not applied again: an edit, also after later ones', async () => {
    const message = await sent();
    const first = await edit(message, 'At the mill?');
    expect(await edit(message, 'At the mill?')).toEqual(first);
    const second = await edit(message, 'At the harbour?', 1);
    const third = await edit(message, 'At the ferry?', 2);
    expect(third).toMatchObject({ revision: 3, version: 3 });
    for (const [text, revision] of [
      ['At the mill?', 0],
      ['At the harbour?', 1],
      ['At the ferry?', 2],
    ] as const) {
      expect(await edit(message, text, revision)).toEqual(third);
    }
    expect(second.message).toBe('At the harbour?');
  });

  it('is not applied again: an edit by a client that lost the answer, once the window or the number of edits is over', async () => {
    const message = await sent();
    let last = message;
    for (let i = 0; i < 10; i++) last = await edit(message, `At the ${i}th pier?`, i);
    expect(await edit(message, 'At the 9th pier?', 9)).toEqual(last);
    expect(await edit(message, 'At the 4th pier?', 4)).toEqual(last);
    await expect(edit(message, 'At the mill?', 10)).rejects.toMatchObject({ reason: 'edit_limit_reached' });
    const dayLater = await later(24 * 60 + 1, true);
    const again = { ...addressOf(message), userUuid: ana.uuid, text: 'At the 9th pier?', revision: 9 };
    expect(await editMessage(dayLater, again)).toEqual(last);
  });

  it('is not applied again: a reaction, its removal, a deletion', async () => {
    const message = await sent();
    expect(await react(message)).toEqual(await react(message));
    const without = await react(message, false);
    expect(without).toMatchObject({ version: 2, reactions: [] });
    expect(await react(message, false)).toEqual(without);
    const tombstone = await remove(message);
    expect(await remove(message)).toEqual(tombstone);
    expect(tombstone.version).toBe(3);
  });

  it('erases what a deletion that was cut short has left', async () => {
    const message = await sent();
    await edit(message, 'At the mill?');
    const dying = await reconnect(otherInstance(store));
    const faults = injectFaults(dying.client);
    // The tombstone is written, and the process dies before it erases the earlier versions.
    faults.crash = { atCall: 0, answered: true };
    await expect(deleteMessage(dying, { ...addressOf(message), userUuid: ana.uuid, memberUuids })).rejects.toThrow();
    const versions = () => itemsOf(store, keys.messageVersions(group, message.uuid));
    expect(await versions()).toHaveLength(1);
    // No one sees it meanwhile.
    expect((await readMessageHistory(store, addressOf(message))).items).toEqual([]);
    expect(await remove(message)).toMatchObject({ message: '', version: 2 });
    expect(await versions()).toEqual([]);
  });
});

describe('the edit window', () => {
  it.each([
    ['open after 23 hours and 59 minutes', 24 * 60 - 1, undefined],
    ['closed after 24 hours and a minute', 24 * 60 + 1, 'edit_window_passed'],
  ])('is %s', async (_, minutes, reason) => {
    const message = await createMessage(store, group, draft({ sender: ana }));
    const input = { ...addressOf(message), userUuid: ana.uuid, text: 'Changed', revision: 0 };
    const edited = await editMessage(await later(minutes, true), input).catch((error: { reason?: string }) => error);
    expect('reason' in edited ? edited.reason : undefined).toBe(reason);
  });
});
