import { describeTable } from '@cruddur/ddb';
import { type CommandIo, operatorCommand, uuid } from '../cli/command.ts';
import { refused } from '../cli/errors.ts';
import { type OperatorSession, openSession } from '../cli/session.ts';
import { count } from '../cli/text.ts';
import { withDatabase } from '../cli/with-database.ts';
import { type OperatorTable, withTable } from '../cli/with-table.ts';
import { formatPosition, parsePosition } from './position.ts';
import { type RebuildOptions, type RebuildProgress, rebuildIndex } from './rebuild-index.ts';

/** Without a terminal, a line is printed each time that so many rows and items were compared. */
const LINE_EVERY = 10_000;

type Where = Pick<RebuildOptions, 'from' | 'messageGroupUuid'>;

export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/search/rebuild', {
    summary:
      'Rebuilds the search index in Postgres from the messages of the table, and removes from it what the table does not ' +
      'have. Writes only what differs. Safe while messages are sent, and safe to run again; after Ctrl-C or a failure, it ' +
      'prints where to continue.',
    examples: [
      'bin/search/rebuild',
      'bin/search/rebuild prod',
      'bin/search/rebuild --group 5ae290ed-55d1-47a0-bc6d-fe2bc2700399',
    ],
  })
    .option('--group <UUID>', 'only this message group', uuid)
    .option('--from <POSITION>', 'continue where an interrupted run has stopped', parsePosition)
    .action(async (where, options) => {
      const { group, from } = options;
      if (group !== undefined && from !== undefined) throw refused('--from continues a run without --group.');
      const session = await openSession(io, where, options, { services: ['dynamodb', 'postgres'] });
      const pages = { from, messageGroupUuid: group };
      const progress = await rebuild(session, pages);
      const { rows, items, indexed, removed, next } = progress;
      if (next) throw refused(`Stopped. ${howToContinue(session, pages, progress)}`);
      if (group !== undefined && rows + items === 0) {
        throw refused(`Neither the table nor the index has anything of a group ${group}.`);
      }
      await session.out.result(
        { rows, items, indexed, removed },
        `Compared ${count(rows, 'row')} of the index with the table, and ${count(items, 'item')} of the table with the index: ` +
          `${indexed.toLocaleString('en')} indexed, ${removed.toLocaleString('en')} removed.`,
      );
    });

async function rebuild(session: OperatorSession, where: Where): Promise<RebuildProgress> {
  const { out, io } = session;
  let last: RebuildProgress | undefined;
  const { interrupted: signal } = io;
  const onInterrupt = () => out.say('Stopping after this page. Ctrl-C again ends at once.');
  signal.addEventListener('abort', onInterrupt);
  try {
    return await withTable(session, (table) =>
      withDatabase(session, (db) =>
        out.withProgress('Rebuilding', async (update) => {
          const total = await countItems(table, where);
          let printed = 0;
          return await rebuildIndex(
            { table, db },
            {
              ...where,
              signal,
              onProgress(progress) {
                last = progress;
                update(drawProgress(progress, total));
                const compared = progress.rows + progress.items;
                if (out.showsProgress || compared - printed < LINE_EVERY) return;
                printed = compared;
                out.say(`Compared ${describe(progress)}. ${howToContinue(session, where, progress)}`);
              },
            },
          );
        }),
      ),
    );
  } catch (error) {
    if (last?.next) out.say(howToContinue(session, where, last));
    throw error;
  } finally {
    signal.removeEventListener('abort', onInterrupt);
  }
}

/** By DynamoDB's last count, which AWS updates every six hours. */
async function countItems(table: OperatorTable, { messageGroupUuid }: Where): Promise<number | undefined> {
  if (messageGroupUuid !== undefined) return undefined;
  return (await describeTable(table.client, table.tableName))?.ItemCount;
}

const BAR_WIDTH = 30;

function drawProgress(progress: RebuildProgress, total: number | undefined): string {
  if (progress.items === 0 || !total || progress.items > total) return `Rebuilding: ${describe(progress)}`;
  const done = Math.floor((progress.items / total) * BAR_WIDTH);
  return `Rebuilding ${'█'.repeat(done)}${'░'.repeat(BAR_WIDTH - done)} ${describe(progress)} of about ${total.toLocaleString('en')}`;
}

const describe = ({ rows, items }: RebuildProgress) => `${count(rows, 'row')}, ${count(items, 'item')}`;

function howToContinue(
  { target }: OperatorSession,
  { messageGroupUuid: group }: Where,
  { next }: Pick<RebuildProgress, 'next'>,
): string {
  if (!next) return '';
  const command = `bin/search/rebuild ${target.prod ? 'prod ' : ''}`;
  // A position is one of the whole index.
  if (group !== undefined) return `To begin again: ${command}--group ${group}`;
  return `To continue: ${command}--from ${formatPosition(next)}`;
}
