import { type DatabaseSession, listSessions } from '@cruddur/db';
import { type CommandIo, operatorCommand } from '../cli/command.ts';
import type { Column } from '../cli/output.ts';
import { openSession } from '../cli/session.ts';
import { readableTime } from '../cli/text.ts';
import { withDatabaseUrl } from '../cli/with-database.ts';

const COLUMNS: readonly Column<DatabaseSession>[] = [
  { title: 'pid', value: ({ pid }) => String(pid), align: 'right' },
  { title: 'user', value: ({ user }) => user ?? '' },
  { title: 'database', value: ({ database }) => database },
  { title: 'client', value: ({ clientAddress }) => clientAddress ?? 'local socket' },
  { title: 'application', value: ({ application }) => application },
  { title: 'state', value: ({ state }) => state ?? '' },
  { title: 'since (UTC)', value: ({ since }) => readableTime(since) },
];

export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/db/sessions', {
    summary: 'Lists the open connections to the PostgreSQL server, except its own.',
    examples: ['bin/db/sessions', 'bin/db/sessions prod --json'],
  }).action(async (where, options) => {
    const session = await openSession(io, where, options, { services: ['postgres'] });
    const sessions = await withDatabaseUrl(session, listSessions);
    await session.out.rows(sessions, COLUMNS, 'There are no open connections.');
  });
