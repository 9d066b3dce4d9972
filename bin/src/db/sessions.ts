import { type DatabaseSession, endSession, listSessions } from '@cruddur/db';
import { type CommandIo, operatorCommand, positiveInteger, yesOption } from '../cli/command.ts';
import { prepareConfirmation } from '../cli/confirmation.ts';
import { refused } from '../cli/errors.ts';
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
    summary:
      'Lists the open connections to the PostgreSQL server, except its own, or ends one of them after you confirm.',
    examples: ['bin/db/sessions', 'bin/db/sessions prod --json', 'bin/db/sessions --end 22451 --yes 22451'],
  })
    .option('--end <PID>', 'end this connection: what it has not committed is undone', positiveInteger)
    .addOption(yesOption('connection: its pid'))
    .action(async (where, { end, yes, ...options }) => {
      const confirm =
        end === undefined
          ? undefined
          : prepareConfirmation({ name: String(end), action: `end the connection ${end}`, yes }, io);
      const session = await openSession(io, where, options, { services: ['postgres'] });
      if (end !== undefined) {
        await confirm?.();
        const isEnded = await withDatabaseUrl(session, (url, connect) => endSession(url, end, connect));
        if (!isEnded) throw refused(`There is no connection ${end}.`);
        return await session.out.result({ pid: end, ended: true }, `Ended the connection ${end}.`);
      }
      const sessions = await withDatabaseUrl(session, listSessions);
      await session.out.rows(sessions, COLUMNS, 'There are no open connections.');
    });
