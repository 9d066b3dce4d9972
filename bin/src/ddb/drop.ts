import { describeTable, dropTable } from '@cruddur/ddb';
import { bareCommand, type CommandIo, jsonOption, prodArgument, verboseOption, yesOption } from '../cli/command.ts';
import { prepareConfirmation } from '../cli/confirmation.ts';
import { failed, refused } from '../cli/errors.ts';
import { openSession } from '../cli/session.ts';
import { count } from '../cli/text.ts';
import { withTable } from '../cli/with-table.ts';

export const createCommand = (io: CommandIo) =>
  bareCommand(io, 'bin/ddb/drop', {
    summary:
      'Drops a table and its items after you confirm by typing its name, and waits until it is gone. ' +
      'Refuses a table with deletion protection.',
    examples: ['bin/ddb/drop cruddur-messages', 'bin/ddb/drop cruddur-messages prod --yes cruddur-messages'],
  })
    .argument('<TABLE>', 'name of the table')
    .addArgument(prodArgument())
    .addOption(jsonOption())
    .addOption(verboseOption())
    .addOption(yesOption('table'))
    .action(async (tableName, where, options) => {
      if (tableName === 'prod') throw refused('The table name comes first: bin/ddb/drop TABLE prod');
      const session = await openSession(io, where, options, { services: ['dynamodb'], tableName });
      const action = `drop the table ${tableName}`;
      const confirm = prepareConfirmation({ name: tableName, action, yes: options.yes }, io);
      await withTable(session, async (table) => {
        const description = await describeTable(table.client, tableName);
        if (!description) throw failed(`There is no table ${tableName}.`);
        if (description.DeletionProtectionEnabled)
          throw refused(describeProtection(tableName, session.target.dynamodb.endpoint));
        session.out.say(`${tableName} has ${count(description.ItemCount ?? 0, 'item')}, by DynamoDB's last count.`);
        await confirm();
        await dropTable(table);
        await session.out.result({ table: tableName, dropped: true }, `Dropped the table ${tableName}.`);
      });
    });

function describeProtection(tableName: string, endpoint: string | undefined): string {
  const at = endpoint === undefined ? '' : ` --endpoint-url ${endpoint}`;
  return (
    `${tableName} has deletion protection. To remove it: ` +
    `aws dynamodb update-table --table-name ${tableName} --no-deletion-protection-enabled${at}`
  );
}
