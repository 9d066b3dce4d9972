import { listModeration, type ModerationEntry } from '@cruddur/ddb';
import { type CommandIo, operatorCommand, positiveInteger } from '../cli/command.ts';
import type { Column } from '../cli/output.ts';
import { openSession } from '../cli/session.ts';
import { printable, readableTime } from '../cli/text.ts';
import { withTable } from '../cli/with-table.ts';

const COLUMNS: readonly Column<ModerationEntry>[] = [
  { title: 'time (UTC)', value: ({ at }) => readableTime(at) },
  { title: 'by', value: ({ by }) => printable(by) },
  { title: 'action', value: ({ action }) => action },
  { title: 'person', value: ({ person }) => person.handle },
  { title: 'reason', value: ({ reason }) => printable(reason) },
  { title: 'report', value: ({ reportId }) => reportId ?? '' },
];

const PAGE_SIZE = 100;

export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/moderation/audit', {
    summary: 'Lists what moderators did, newest first: who, when, what and why.',
    examples: ['bin/moderation/audit', 'bin/moderation/audit prod --limit 500 --json'],
  })
    .option('--limit <N>', 'maximum number of entries', positiveInteger, 20)
    .action(async (where, options) => {
      const session = await openSession(io, where, options, { services: ['dynamodb'] });
      const entries: ModerationEntry[] = [];
      await withTable(session, async (table) => {
        let after: string | undefined;
        do {
          const limit = Math.min(PAGE_SIZE, options.limit - entries.length);
          const { items, next } = await listModeration(table, { limit, after });
          entries.push(...items);
          after = next;
        } while (after !== undefined && entries.length < options.limit);
      });
      await session.out.rows(entries, COLUMNS, 'Moderators have done nothing yet.');
    });
