import { describeTable, ensureTable } from '@cruddur/ddb';
import { afterAll, describe, expect, it } from 'vitest';
import { createTestDynamoDb } from '../support/dynamodb.ts';
import { createSeededDatabase, newTableName } from './support/stores.ts';
import { hasTerminal, runOnTerminal } from './support/terminal.ts';

const client = createTestDynamoDb();
afterAll(() => client.destroy());

describe.runIf(hasTerminal)('on a terminal', () => {
  it('drop prompts for the name, and refuses another one and Ctrl-C', async () => {
    const tableName = newTableName();
    await ensureTable(client, tableName);
    const cue = `Type ${tableName} to drop the table ${tableName}`;
    const [other, cancelled] = await Promise.all([
      runOnTerminal('ddb/drop', [tableName], { cue, type: 'cruddur-messages\r' }),
      runOnTerminal('ddb/drop', [tableName], { cue, type: '\u0003' }),
    ]);
    expect(other).toMatchObject({ exitCode: 1, screen: expect.stringContaining('"cruddur-messages" is not ') });
    expect(cancelled).toMatchObject({ exitCode: 1, screen: expect.stringContaining('the question was not answered') });
    expect(await describeTable(client, tableName)).toBeDefined();
    const dropped = await runOnTerminal('ddb/drop', [tableName], { cue, type: `${tableName}\r` });
    expect(dropped).toMatchObject({ exitCode: 0, screen: expect.stringContaining(`Dropped the table ${tableName}.`) });
    expect(await describeTable(client, tableName)).toBeUndefined();
  });

  it('seed and rebuild show progress, and --verbose shows calls in colour', async () => {
    const [DDB_TABLE, database] = [newTableName(), await createSeededDatabase()];
    await ensureTable(client, DDB_TABLE);
    const env = { DDB_TABLE, DATABASE_URL: database.url };
    const seed = await runOnTerminal('ddb/seed', [], { env });
    expect(seed).toMatchObject({ exitCode: 0, screen: expect.stringMatching(/Seeding.*Wrote the conversation/s) });
    const [rebuild, list, plain] = await Promise.all([
      runOnTerminal('search/rebuild', [], { env }),
      runOnTerminal('ddb/patterns/list-conversations', ['--verbose'], { env }),
      runOnTerminal('ddb/patterns/list-conversations', ['--verbose'], { env: { ...env, NO_COLOR: '1' } }),
    ]);
    await database.drop();
    expect(rebuild.exitCode).toBe(0);
    expect(rebuild.screen).toMatch(/Rebuilding █{30} 0 rows, \d+ items of about \d+/);
    expect(list.raw).toContain('\u001b[36mSQL\u001b[39m select');
    expect(list.raw).toMatch(new RegExp(`\u001b\\[35mDynamoDB\u001b\\[39m Query ${DDB_TABLE} \u001b\\[33m0\\.5 units`));
    expect(plain.raw).toContain(`DynamoDB Query ${DDB_TABLE} 0.5 units`);
  });
});
