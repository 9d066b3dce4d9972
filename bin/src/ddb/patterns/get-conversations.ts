import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import { listMessagesBetween, type Message, sortKeyPrefix } from '@cruddur/ddb';
import { type CommandIo, operatorCommand, positiveInteger, uuid } from '../../cli/command.ts';
import { refused } from '../../cli/errors.ts';
import type { Column } from '../../cli/output.ts';
import { openSession } from '../../cli/session.ts';
import { DELETED, firstCharacters, printable, readableTime } from '../../cli/text.ts';
import { printConsumed, withTable } from '../../cli/with-table.ts';

const COLUMNS: readonly Column<Message>[] = [
  { title: 'handle', value: ({ handle }) => handle },
  { title: 'time (UTC)', value: ({ createdAt }) => readableTime(createdAt) },
  {
    title: 'message',
    value: ({ message, deletedAt }) => (deletedAt === null ? firstCharacters(printable(message), 40) : DELETED),
  },
];

export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/ddb/patterns/get-conversations', {
    summary:
      'Shows pattern A: the newest messages of a group, oldest first, and the read capacity. ' +
      'Dates are UTC and inclusive: 2026, 2026-11, 2026-11-20 or 2026-11-20T08:15.',
    examples: [
      'bin/ddb/patterns/get-conversations',
      'bin/ddb/patterns/get-conversations --year 2025 --limit 5',
      'bin/ddb/patterns/get-conversations prod --group 5ae290ed-55d1-47a0-bc6d-fe2bc2700399 --from 2026-11-01 --to 2026-11-20',
    ],
  })
    .option('--group <UUID>', 'the message group', uuid, SEEDED_MESSAGE_GROUP_UUID)
    .option('--limit <N>', 'maximum number of messages', positiveInteger, 20)
    .option('--from <DATE>', 'the first date', date)
    .option('--to <DATE>', 'the last date', date)
    .addOption(new Option('--year <YEAR>', 'only this year').argParser(year).conflicts(['from', 'to']))
    .action(async (where, options) => {
      const { group: messageGroupUuid, limit, from = options.year, to = options.year } = options;
      if (from !== undefined && to !== undefined && from > `${to}~`)
        throw refused(`--from ${from} is after --to ${to}.`);
      const session = await openSession(io, where, options, { services: ['dynamodb'] });
      await withTable(session, async (table) => {
        const messages = await listMessagesBetween(table, { messageGroupUuid, limit, from, to });
        await session.out.rows(messages, COLUMNS, `The group ${messageGroupUuid} has no such messages.`);
        await printConsumed(session.out, table);
      });
    });

function date(text: string): string {
  const prefix = sortKeyPrefix(text);
  if (prefix === undefined) throw new InvalidArgumentError('It must be a date such as 2026-11-20.');
  return prefix;
}

function year(text: string): string {
  if (!/^\d{4}$/.test(text)) throw new InvalidArgumentError('It must be a year such as 2026.');
  return text;
}
