import { type Item, scanItems } from '@cruddur/ddb';
import { type CommandIo, operatorCommand } from '../cli/command.ts';
import { type Colors, toJson } from '../cli/output.ts';
import { openSession } from '../cli/session.ts';
import { count, printable } from '../cli/text.ts';
import { withTable } from '../cli/with-table.ts';

export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/ddb/scan', {
    summary: 'Prints every item of the table as it is read, one line each.',
    examples: ['bin/ddb/scan', 'bin/ddb/scan prod --json | jq -c \'select(.pk | startswith("GRP#"))\''],
  }).action(async (where, options) => {
    const session = await openSession(io, where, options, { services: ['dynamodb'] });
    const { out } = session;
    await withTable(session, async (table) => {
      const sum = { items: 0, pages: 0 };
      await session.out.withProgress('Scanning', async (update) => {
        for await (const page of scanItems(table)) {
          sum.items += page.length;
          sum.pages++;
          for (const item of page) await out.line(item, (colors) => describeItem(item, colors));
          update(`Scanning: ${count(sum.items, 'item')}, ${count(sum.pages, 'page')}`);
        }
      });
      const { units } = table.consumed();
      out.say(`${count(sum.items, 'item')} in ${count(sum.pages, 'page')}, ${count(units, 'read unit')}`);
    });
  });

function describeItem({ pk, sk, ...rest }: Item, colors: Colors): string {
  const key = `${colors.bold(printable(String(pk)))}  ${printable(String(sk))}`;
  return `${key}  ${printable(toJson(rest))}`;
}
