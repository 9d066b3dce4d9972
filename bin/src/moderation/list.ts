import { foldAsciiCase } from '@cruddur/config';
import { listReports, type Report, type ReportStatus, type TableRef } from '@cruddur/ddb';
import { type CommandIo, operatorCommand, positiveInteger } from '../cli/command.ts';
import type { Column } from '../cli/output.ts';
import { openSession } from '../cli/session.ts';
import { DELETED, firstCharacters, printable, readableTime } from '../cli/text.ts';
import { withTable } from '../cli/with-table.ts';

const COLUMNS: readonly Column<Report>[] = [
  { title: 'reported (UTC)', value: ({ reportedAt }) => readableTime(reportedAt) },
  { title: 'report', value: ({ id }) => id },
  { title: 'reason', value: ({ reason }) => reason },
  { title: 'of', value: ({ message }) => message.sender.handle },
  { title: 'by', value: ({ reporter }) => reporter.handle },
  {
    title: 'message',
    value: ({ message: { message, deletedAt } }) =>
      deletedAt === null ? firstCharacters(printable(message), 40) : DELETED,
  },
];

const PAGE_SIZE = 50;

export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/moderation/list', {
    summary: 'Lists reported messages: open reports, oldest first, or resolved ones, newest first.',
    examples: [
      'bin/moderation/list',
      'bin/moderation/list --handle londo --resolved',
      'bin/moderation/list prod --json',
    ],
  })
    .option('--resolved', 'resolved reports instead of open ones')
    .option('--handle <HANDLE>', 'only messages of this person')
    .option('--limit <N>', 'maximum number of reports', positiveInteger, 20)
    .action(async (where, options) => {
      const { handle, limit } = options;
      const session = await openSession(io, where, options, { services: ['dynamodb'] });
      const status = options.resolved ? 'resolved' : 'open';
      await withTable(session, async (table) => {
        const found: Report[] = [];
        for await (const report of readReports(table, status)) {
          if (handle !== undefined && foldAsciiCase(handle) !== foldAsciiCase(report.message.sender.handle)) continue;
          found.push(report);
          if (found.length > limit) break;
        }
        const of = handle === undefined ? '' : ` of messages of ${printable(handle)}`;
        await session.out.rows(found.slice(0, limit), COLUMNS, `There are no ${status} reports${of}.`);
        if (found.length > limit) session.out.say('There are more: add --limit.');
      });
    });

async function* readReports(table: TableRef, status: ReportStatus): AsyncGenerator<Report, undefined> {
  let after: string | undefined;
  do {
    const { items, next } = await listReports(table, status, { limit: PAGE_SIZE, after });
    yield* items;
    after = next;
  } while (after !== undefined);
}
