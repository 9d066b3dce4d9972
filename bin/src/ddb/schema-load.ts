import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import {
  describeTable,
  ensureTable,
  findSchemaFaults,
  findStreamFault,
  protectTable,
  type TableOptions,
  type TableProtection,
} from '@cruddur/ddb';
import { type CommandIo, operatorCommand, positiveInteger } from '../cli/command.ts';
import { failed, refused } from '../cli/errors.ts';
import { type OperatorSession, openSession } from '../cli/session.ts';
import { type OperatorTable, withTable } from '../cli/with-table.ts';

type Tag = NonNullable<TableOptions['tags']>[number];

export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/ddb/schema-load', {
    summary:
      'Creates the table with its index and stream, and waits until it is active. An existing table stays as it is. ' +
      'On prod, turns on deletion protection, point-in-time recovery and the expiry of resolved reports.',
    examples: [
      'bin/ddb/schema-load',
      'bin/ddb/schema-load --billing provisioned',
      'bin/ddb/schema-load prod --max-read-units 400 --max-write-units 200 --tag team=chat --tag stage=prod',
    ],
  })
    .addOption(
      new Option('--billing <MODE>', 'on demand, or a fixed 5 read and 5 write units')
        .choices(['on-demand', 'provisioned'] as const)
        .default('on-demand' as const),
    )
    .option('--max-read-units <N>', 'on demand: maximum read units per second', positiveInteger)
    .option('--max-write-units <N>', 'on demand: maximum write units per second', positiveInteger)
    .option('--tag <KEY=VALUE>', 'a tag of the table; repeatable', addTag, [] as Tag[])
    .action(async (where, options) => {
      const { maxReadUnits, maxWriteUnits, tag: tags } = options;
      if (options.billing === 'provisioned' && (maxReadUnits ?? maxWriteUnits) !== undefined) {
        throw refused('--max-read-units and --max-write-units limit on-demand billing; provisioned is 5 and 5.');
      }
      const billing: TableOptions['billing'] =
        options.billing === 'provisioned'
          ? { mode: 'provisioned' }
          : { mode: 'on-demand', maxReadUnits, maxWriteUnits };
      const session = await openSession(io, where, options, { services: ['dynamodb'] });
      await withTable(session, (table) => loadSchema(session, table, { billing, tags }));
    });

async function loadSchema(
  { target, out }: OperatorSession,
  table: OperatorTable,
  options: TableOptions,
): Promise<void> {
  const { client, tableName } = table;
  const created = await ensureTable(client, tableName, { ...options, deletionProtection: target.prod });
  const existing = created ? undefined : await describeTable(client, tableName);
  const faults = existing ? findSchemaFaults(existing) : [];
  if (faults.length > 0) throw failed(`The table ${tableName} has another schema: ${faults.join('; ')}.`);
  const protection = target.prod ? await protectTable(table) : undefined;
  const streamFault = existing && findStreamFault(existing);
  if (streamFault !== undefined) {
    if (protection) sayProtection(out, protection);
    throw failed(
      `The table ${tableName} cannot be served: ${streamFault}. A restored table gets one by bin/aws/restore-table --prepare ${tableName}.`,
    );
  }
  await out.result(
    { table: tableName, created, ...protection },
    created ? `Created the table ${tableName}; it is active.` : `The table ${tableName} already exists.`,
  );
  if (protection) sayProtection(out, protection);
}

function sayProtection(
  out: OperatorSession['out'],
  { deletionProtection, pointInTimeRecovery, expiry }: TableProtection,
): void {
  out.say(`Deletion protection: ${deletionProtection === 'already-on' ? 'on' : 'turned on now'}.`);
  const recovery = {
    'already-on': 'on',
    'switched-on': 'turned on now',
    unsupported: 'not supported by this endpoint',
  };
  out.say(`Point-in-time recovery: ${recovery[pointInTimeRecovery]}.`);
  out.say(`Expiry of resolved reports: ${recovery[expiry]}.`);
}

function addTag(text: string, before: Tag[]): Tag[] {
  const [, key, value] = /^([^=]{1,128})=(.{0,256})$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new InvalidArgumentError('It must be KEY=VALUE.');
  return [...before, { key, value }];
}
