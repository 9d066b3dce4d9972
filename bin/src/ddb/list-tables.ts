import { listTables, type TableSummary } from '@cruddur/ddb';
import { type CommandIo, operatorCommand } from '../cli/command.ts';
import type { Column } from '../cli/output.ts';
import { openSession } from '../cli/session.ts';
import { withTable } from '../cli/with-table.ts';

const COLUMNS: readonly Column<TableSummary>[] = [
  { title: 'table', value: ({ name }) => name },
  { title: 'status', value: ({ status }) => status },
  { title: 'items', value: ({ items }) => items.toLocaleString('en'), align: 'right' },
  { title: 'bytes', value: ({ bytes }) => bytes.toLocaleString('en'), align: 'right' },
  { title: 'billing', value: ({ billing }) => billing },
  { title: 'deletion protection', value: ({ deletionProtection }) => (deletionProtection ? 'on' : 'off') },
];

export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/ddb/list-tables', {
    summary: 'Lists the tables. AWS updates items and bytes every six hours.',
    examples: ['bin/ddb/list-tables', 'bin/ddb/list-tables prod --json'],
  }).action(async (where, options) => {
    const session = await openSession(io, where, options, { services: ['dynamodb'] });
    const tables: TableSummary[] = [];
    await withTable(session, async ({ client }) => {
      for await (const table of listTables(client)) tables.push(table);
    });
    await session.out.rows(tables, COLUMNS, 'There are no tables.');
  });
