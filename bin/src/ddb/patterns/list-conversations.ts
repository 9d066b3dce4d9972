import { findUserByHandle, type User } from '@cruddur/db';
import { createMessageStore, listMessageGroups, type MessageGroup, type MessageStore } from '@cruddur/ddb';
import { type CommandIo, operatorCommand, positiveInteger } from '../../cli/command.ts';
import { refused } from '../../cli/errors.ts';
import type { Column } from '../../cli/output.ts';
import { openSession } from '../../cli/session.ts';
import { DELETED, firstCharacters, printable, readableTime } from '../../cli/text.ts';
import { withDatabase } from '../../cli/with-database.ts';
import { printConsumed, withTable } from '../../cli/with-table.ts';

const COLUMNS: readonly Column<MessageGroup>[] = [
  { title: 'with', value: ({ handle }) => handle },
  { title: 'time (UTC)', value: ({ createdAt }) => readableTime(createdAt) },
  {
    title: 'last message',
    value: ({ message, isMessageDeleted }) => (isMessageDeleted ? DELETED : firstCharacters(printable(message), 40)),
  },
  { title: 'group', value: ({ uuid }) => uuid },
];

/** Largest page of pattern B. */
const PAGE_SIZE = 50;

export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/ddb/patterns/list-conversations', {
    summary:
      "Shows pattern B: a user's groups, newest first, each with the other person and the last message, and the read " +
      'capacity.',
    examples: [
      'bin/ddb/patterns/list-conversations',
      'bin/ddb/patterns/list-conversations --handle bayko --limit 5',
      'bin/ddb/patterns/list-conversations prod --json',
    ],
  })
    .option('--handle <HANDLE>', 'the user', 'andrewbrown')
    .option('--limit <N>', 'maximum number of groups', positiveInteger, 20)
    .action(async (where, options) => {
      const session = await openSession(io, where, options, { services: ['dynamodb', 'postgres'] });
      const user = await withDatabase(session, (db) => findUserByHandle(db, options.handle));
      if (!user) throw refused(`There is no user with the handle ${printable(options.handle)}.`);
      await withTable(session, async (table) => {
        const store = createMessageStore({ ...table, cursorSecret: session.target.cursorSecret });
        const groups = await listGroups(store, user, options.limit);
        await session.out.rows(groups, COLUMNS, `${user.handle} has no groups.`);
        await printConsumed(session.out, table);
      });
    });

async function listGroups(store: MessageStore, user: User, limit: number): Promise<MessageGroup[]> {
  const groups: MessageGroup[] = [];
  let cursor: string | undefined;
  do {
    const input = { userUuid: user.uuid, limit: Math.min(PAGE_SIZE, limit - groups.length), cursor };
    const page = await listMessageGroups(store, input);
    groups.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && groups.length < limit);
  return groups;
}
