import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as commands from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { CapacityUse } from './capacity.ts';
import { meterClient } from './meter-client.ts';

type DocumentCommand = new (input: object) => { input: object; clientCommand: object };

/** Those that read and write items. */
const ITEM_COMMANDS = Object.entries(commands).filter(([name]) =>
  /^(Batch|Transact)?(Get|Put|Write|Update|Delete|Query|Scan)Command$/.test(name),
);

describe('a metered client', () => {
  it.each(ITEM_COMMANDS)('reports what a %s consumes, by its operation', async (_, exported) => {
    const Command = exported as unknown as DocumentCommand;
    const asked: object[] = [];
    // Answers with a fixed bill.
    const client = {
      send: (command: { input: object }) => {
        asked.push(command.input);
        return Promise.resolve({ ConsumedCapacity: { CapacityUnits: 3 } });
      },
    };
    const uses: CapacityUse[] = [];
    const metered = meterClient(client as unknown as DynamoDBDocumentClient, (use) => uses.push(use));
    const command = new Command({ TableName: 'a' });
    await (metered.send as unknown as (command: object) => Promise<object>)(command);
    expect(asked).toEqual([{ TableName: 'a', ReturnConsumedCapacity: 'TOTAL' }]);
    const operation = command.clientCommand.constructor.name.replace('Command', '');
    expect(uses).toEqual([{ operation, kind: expect.stringMatching(/^(read|write)$/), units: 3 }]);
    expect(uses[0]?.kind === 'read').toBe(/Get|Query|Scan/.test(operation));
  });
});
