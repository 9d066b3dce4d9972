import { describeTable, dropTable } from '@cruddur/ddb';
import type { CommandIo } from '../frame/command-io.ts';
import { prepareConfirmation } from '../frame/confirmation.ts';
import { failed, refused } from '../frame/errors.ts';
import { operatorCommand, prodArgument, yesOption } from '../frame/operator-command.ts';
import { openSession } from '../frame/session.ts';
import { count } from '../frame/text.ts';
import { withTable } from '../frame/with-table.ts';

/** Drops a table. */
export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/ddb/drop', {
    summary:
      'Drops a table with every item in it, after its name has been typed again, and waits until it is gone. ' +
      'A table whose deletion protection is on is left alone.',
    examples: ['bin/ddb/drop cruddur-messages', 'bin/ddb/drop cruddur-messages prod --yes cruddur-messages'],
  })
    .argument('<TABLE>', 'name of the table')
    .addArgument(prodArgument())
    .addOption(yesOption('table'))
    .action(async (tableName, where, options) => {
      if (tableName === 'prod') throw refused('The name of the table comes first: bin/ddb/drop TABLE prod');
      const session = await openSession(io, where, options, { services: ['dynamodb'], tableName });
      const confirm = prepareConfirmation(
        { name: tableName, deed: `drop the table ${tableName}`, yes: options.yes },
        io,
      );
      await withTable(session, async (table) => {
        const description = await describeTable(table.client, tableName);
        if (!description) throw failed(`There is no table ${tableName}.`);
        if (description.DeletionProtectionEnabled)
          throw refused(howToLift(tableName, session.target.dynamodb.endpoint));
        session.out.say(`${tableName} has ${count(description.ItemCount ?? 0, 'item')}, as DynamoDB last counted.`);
        await confirm();
        await dropTable(table);
        await session.out.result({ table: tableName, dropped: true }, `Dropped the table ${tableName}.`);
      });
    });

function howToLift(tableName: string, endpoint: string | undefined): string {
  const at = endpoint === undefined ? '' : ` --endpoint-url ${endpoint}`;
  return (
    `The deletion protection of ${tableName} is on. To lift it: ` +
    `aws dynamodb update-table --table-name ${tableName} --no-deletion-protection-enabled${at}`
  );
}
