import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import {
  describeTable,
  ensureTable,
  findTableFaults,
  type OnDemandBilling,
  protectTable,
  type TableOptions,
  type TableProtection,
} from '@cruddur/ddb';
import type { CommandIo } from '../frame/command-io.ts';
import { failed, refused } from '../frame/errors.ts';
import { operatorCommand, positiveInteger, prodArgument } from '../frame/operator-command.ts';
import { openSession, type Session } from '../frame/session.ts';
import { type OperatorTable, withTable } from '../frame/with-table.ts';

type Tag = NonNullable<TableOptions['tags']>[number];

/** Creates the table. */
export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/ddb/schema-load', {
    summary:
      'Creates the table with its index and stream, and waits until it is active. A table that is there stays as it is. ' +
      'On prod, deletion protection and point-in-time recovery are switched on.',
    examples: [
      'bin/ddb/schema-load',
      'bin/ddb/schema-load --billing provisioned',
      'bin/ddb/schema-load prod --max-read-units 400 --max-write-units 200 --tag team=chat --tag stage=prod',
    ],
  })
    .addArgument(prodArgument())
    .addOption(
      new Option('--billing <MODE>', 'on demand, or 5 read and 5 write units at all times')
        .choices(['on-demand', 'provisioned'] as const)
        .default('on-demand' as const),
    )
    .option('--max-read-units <N>', 'on demand: most read units a second', positiveInteger)
    .option('--max-write-units <N>', 'on demand: most write units a second', positiveInteger)
    .option('--tag <KEY=VALUE>', 'a tag of the table; may be repeated', addTag, [] as Tag[])
    .action(async (where, options) => {
      const { maxReadUnits, maxWriteUnits, tag: tags } = options;
      if (options.billing === 'provisioned' && (maxReadUnits ?? maxWriteUnits) !== undefined) {
        throw refused('--max-read-units and --max-write-units limit on-demand billing; provisioned is 5 and 5.');
      }
      const billing: TableOptions['billing'] =
        options.billing === 'provisioned' ? { mode: 'provisioned' } : onDemand(maxReadUnits, maxWriteUnits);
      const session = await openSession(io, where, options, { services: ['dynamodb'] });
      await withTable(session, (table) => loadSchema(session, table, { billing, tags }));
    });

function onDemand(maxReadUnits?: number, maxWriteUnits?: number): OnDemandBilling {
  return { mode: 'on-demand', maxReadUnits, maxWriteUnits };
}

async function loadSchema({ target, out }: Session, table: OperatorTable, options: TableOptions): Promise<void> {
  const { client, tableName } = table;
  const created = await ensureTable(client, tableName, { ...options, deletionProtection: target.prod });
  const faults = created ? [] : findTableFaults((await describeTable(client, tableName)) ?? {});
  if (faults.length > 0) throw failed(`There is a table ${tableName}, but not ours: ${faults.join('; ')}.`);
  const protection = target.prod ? await protectTable(table) : undefined;
  await out.result(
    { table: tableName, created, ...protection },
    created ? `Created the table ${tableName}; it is active.` : `The table ${tableName} is there already.`,
  );
  if (protection) sayProtection(out, protection);
}

function sayProtection(out: Session['out'], { deletionProtection, pointInTimeRecovery }: TableProtection): void {
  out.say(`Deletion protection: ${deletionProtection === 'already-on' ? 'on' : 'switched on now'}.`);
  const recovery = { 'already-on': 'on', 'switched-on': 'switched on now', unsupported: 'not known to this endpoint' };
  out.say(`Point-in-time recovery: ${recovery[pointInTimeRecovery]}.`);
}

function addTag(text: string, before: Tag[]): Tag[] {
  const [, key, value] = /^([^=]{1,128})=(.{0,256})$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new InvalidArgumentError('It must be KEY=VALUE.');
  return [...before, { key, value }];
}
