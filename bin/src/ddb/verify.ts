import { findUsersByUuid } from '@cruddur/db';
import { type Person, type VerifyReport, verifyTable } from '@cruddur/ddb';
import type { CommandIo } from '../frame/command-io.ts';
import { refused } from '../frame/errors.ts';
import { operatorCommand, prodArgument } from '../frame/operator-command.ts';
import type { Column } from '../frame/output.ts';
import { withProgress } from '../frame/progress.ts';
import { openSession, type Session } from '../frame/session.ts';
import { count } from '../frame/text.ts';
import { withDatabase } from '../frame/with-database.ts';
import { withTable } from '../frame/with-table.ts';

type Found = VerifyReport['breaches'][number];

const COLUMNS: readonly Column<Found>[] = [
  { title: 'breach', value: ({ kind }) => kind },
  { title: 'group', value: ({ messageGroupUuid }) => messageGroupUuid },
  { title: 'where', value: ({ detail }) => detail },
  { title: 'repaired', value: ({ repaired }) => repaired ?? 'no' },
];

/** Checks the table. */
export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/ddb/verify', {
    summary:
      'Reads the whole table and reports every breach of the promises: orphan, doubled, stale, missing and malformed ' +
      'rows, doubled and malformed messages, messages without a group, pairs with several groups. Ends with exit code 1 ' +
      'if any is left.',
    examples: ['bin/ddb/verify', 'bin/ddb/verify prod --json', 'bin/ddb/verify --repair'],
  })
    .addArgument(prodArgument())
    .option('--repair', 'mend what can be mended, and report it; names of people come from Postgres')
    .action(async (where, options) => {
      const repair = options.repair === true;
      const session = await openSession(io, where, options, {
        services: repair ? ['dynamodb', 'postgres'] : ['dynamodb'],
      });
      const report = await verify(session, repair);
      const left = report.breaches.filter(({ repaired }) => repaired === undefined).length;
      await printReport(session, report, left);
      if (left === 0) return;
      throw refused(`${count(left, 'breach', 'breaches')} left${repair ? '' : ': --repair mends what can be mended'}.`);
    });

async function verify(session: Session, repair: boolean): Promise<VerifyReport> {
  const findPerson = async (uuid: string): Promise<Person | undefined> =>
    (await withDatabase(session, (db) => findUsersByUuid(db, [uuid])))[0];
  return await withProgress(session, 'Verifying', (update) =>
    withTable(session, (table) =>
      verifyTable(table, {
        repair,
        ...(repair ? { findPerson } : {}),
        onProgress: (items) => update(`Verifying: ${count(items, 'item')} read`),
      }),
    ),
  );
}

async function printReport({ out }: Session, { items, groups, breaches }: VerifyReport, left: number): Promise<void> {
  await out.rows(breaches, COLUMNS, 'No breach was found.');
  const repaired = breaches.length - left;
  await out.result(
    { items, groups, breaches: breaches.length, repaired },
    `${count(items, 'item')}, ${count(groups, 'group')}: ${count(breaches.length, 'breach', 'breaches')}, ${repaired} repaired.`,
  );
}
