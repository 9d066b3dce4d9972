import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { MessageGroupRow } from '../members/message-group-row.ts';
import { createDynamoDb } from '../table/client.ts';
import { addMicros, formatTime, micros } from '../table/time.ts';
import { addUnread } from './unread.ts';

const NOW = micros(Date.UTC(2026, 10, 20) * 1000);

/** Groups whose threads are given newest first, by the senders of their messages. */
function groupsOf(threads: ('owner' | 'other')[][]) {
  return threads.map((senders, group) => ({
    pk: `MSG#group${group}`,
    messages: senders.map((sender, i) => ({ sk: formatTime(addMicros(NOW, -i)), user_uuid: sender })),
    row: {
      pk: 'GRP#owner',
      sk: formatTime(NOW),
      message_group_uuid: `group${group}`,
      message: 'x',
      user_uuid: 'other',
      user_handle: 'other',
      user_display_name: 'Other',
      message_user_uuid: senders[0] ?? 'other',
    } satisfies MessageGroupRow,
  }));
}

/** Counts the unread messages of groups without a marker, in a table whose messages cost as many units as given. */
async function count(groups: ReturnType<typeof groupsOf>, unitsOfMessage: number) {
  let [queries, units, readMessages] = [0, 0, 0];
  const send = async ({ input }: { input: QueryCommandInput }) => {
    const thread = groups.find(({ pk }) => pk === input.ExpressionAttributeValues?.[':pk'])?.messages ?? [];
    const from = thread.findIndex(({ sk }) => sk === input.ExclusiveStartKey?.sk) + 1;
    const Items = thread.slice(from, from + (input.Limit ?? 0));
    queries++;
    readMessages += Items.length;
    units += Items.length * unitsOfMessage;
    const LastEvaluatedKey =
      from + Items.length < thread.length ? { pk: input.TableName, sk: Items.at(-1)?.sk } : undefined;
    return { Items, LastEvaluatedKey, ConsumedCapacity: { CapacityUnits: Items.length * unitsOfMessage } };
  };
  // It stays an instance of the SDK's class, which the SDK's pagination requires.
  const client = Object.create(createDynamoDb({ region: 'ca-central-1', embedded: true }), { send: { value: send } });
  const counted = await addUnread(
    { client, tableName: 'none' },
    {
      userUuid: 'owner',
      rows: groups.map(({ row }) => row),
      marked: new Map(),
    },
  );
  return { counts: counted.map(({ unread }) => unread.unreadCount), queries, units, readMessages };
}

const own = (length: number) => Array<'owner'>(length).fill('owner');
const others = (length: number) => Array<'other'>(length).fill('other');

describe('counting the unread messages of a page', () => {
  it('reads 100 messages of each group and 900 older ones in all', async () => {
    const threads = [1000, 1000, 400, 400, 50].map((length) => [...own(length), ...others(1)]);
    const { counts, readMessages, queries } = await count(groupsOf(threads), 0.05);
    // In the order of the list: what the first group uses up, the later ones do not have.
    expect(counts).toEqual([0, 0, 0, 0, 1]);
    expect({ readMessages, queries }).toEqual({ readMessages: 4 * 100 + 51 + 900, queries: 5 + 9 });
    expect((await count(groupsOf(threads.slice(2)), 0.05)).counts).toEqual([1, 1, 1]);
  });

  it('costs no more for fifty groups in which one wrote a thousand messages', async () => {
    const threads = Array.from({ length: 50 }, () => [...own(1000), ...others(1)]);
    const { readMessages } = await count(groupsOf(threads), 0.05);
    expect(readMessages).toBe(50 * 100 + 900);
  });

  it('is exact for fifty groups that have more than 99 unread messages', async () => {
    const threads = Array.from({ length: 50 }, () => others(120));
    const { counts, queries } = await count(groupsOf(threads), 0.07);
    expect({ counts, queries }).toEqual({ counts: Array(50).fill(100), queries: 50 });
  });

  it('takes a row that shows a deleted message for read, if no query is begun for it', async () => {
    const groups = groupsOf(Array.from({ length: 50 }, () => others(120)));
    for (const { row } of groups) Object.assign(row, { message: '', message_deleted: true });
    expect((await count(groups, 1)).counts.at(-1)).toBe(0);
  });

  it('begins no query after 500 units, and then shows what the rows show', async () => {
    const threads = Array.from({ length: 50 }, (_, i) => (i % 2 ? [...own(1), ...others(119)] : others(120)));
    const { counts, units } = await count(groupsOf(threads), 1);
    expect(counts.slice(0, 5)).toEqual([100, 99, 100, 99, 100]);
    expect(counts.slice(-4)).toEqual([1, 0, 1, 0]);
    // Ten queries of 100 units may be running.
    expect(units).toBeLessThan(500 + 10 * 100);
  });
});
