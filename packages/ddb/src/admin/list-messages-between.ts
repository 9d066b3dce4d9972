import { type Message, type MessageItem, messageSchema } from '../messages/message.ts';
import { readMessages } from '../messages/read-messages.ts';
import { keys } from '../table/keys.ts';
import { inPartition, queryItems } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { formatTime, parseTime } from '../table/time.ts';

/**
 * Pattern A for operators: the newest messages of a group within a time range.
 *
 * @param input.from - prefix of a sort key, such as `2026` or `2026-11-20`; inclusive
 * @param input.to - the same; includes every time that begins with it
 * @returns oldest first
 */
export async function listMessagesBetween(
  table: TableRef,
  input: { messageGroupUuid: string; limit: number; from?: string | undefined; to?: string | undefined },
): Promise<Message[]> {
  const { messageGroupUuid, limit, from = '0', to = '9' } = input;
  // `~` sorts after every character of a time, so that `2026~` is after every time of 2026.
  const newestFirst = queryItems(table, messageSchema, {
    ...inPartition(keys.messages(messageGroupUuid), 'sk BETWEEN :from AND :to', { ':from': from, ':to': `${to}~` }),
    ScanIndexForward: false,
    Limit: limit,
  });
  const items: MessageItem[] = [];
  for await (const item of newestFirst) {
    if (items.push(item) === limit) break;
  }
  return readMessages(table, messageGroupUuid, items.reverse());
}

const PREFIX = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?)?)?$/;
const OFFSET = /(Z|[+-]\d{2}:?\d{2})$/;
const EARLIEST = '0000-01-01T00:00:00';

/**
 * Parses a date or time into a prefix of a sort key: a year, month, day, minute, second or microsecond in UTC, or a full
 * time with an offset.
 *
 * @returns undefined for any other text
 * @example
 * sortKeyPrefix('2026-11') // '2026-11'
 * sortKeyPrefix('2026-11-20T10:15:30+02:00') // '2026-11-20T08:15:30.000000+00:00'
 */
export function sortKeyPrefix(text: string): string | undefined {
  if (PREFIX.test(text)) {
    // Complete it to a full time to check it: there is no 31st of November.
    const full = text.length < EARLIEST.length ? text + EARLIEST.slice(text.length) : text;
    return parseTime(full) === undefined ? undefined : text;
  }
  const at = text.includes('T') && OFFSET.test(text) ? parseTime(text) : undefined;
  return at === undefined ? undefined : formatTime(at);
}
