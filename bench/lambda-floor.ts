import { DeleteCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import {
  formatTime,
  keys,
  MESSAGE_GROUP_INDEX,
  type MessageGroupRow,
  messageGroupRow,
  type Person,
  type TableRef,
  type WithClock,
} from '@cruddur/ddb';

export interface BenchGroup {
  uuid: string;
  members: readonly [Person, Person];
}

/**
 * The minimum work of a move: query the thread and the index in parallel, put both new rows, then delete both old ones,
 * with conditions that protect other groups' rows. It knows the results, so it parses, plans and checks nothing.
 */
export function createFloor(table: TableRef, clock: WithClock['clock'], text: string) {
  const { client, tableName: TableName } = table;
  const currentRows = new Map<string, MessageGroupRow[]>();

  const ofGroup = ({ uuid }: BenchGroup) => ({ TableName, ExpressionAttributeValues: { ':uuid': uuid } });

  return {
    /** Sets the current rows of a group. */
    start: (group: BenchGroup, rows: MessageGroupRow[]) => currentRows.set(group.uuid, rows),

    async move(group: BenchGroup): Promise<void> {
      const at = clock();
      await readRows(table, group, formatTime(at));
      const [one, other] = group.members;
      const moved = { uuid: group.uuid, at, message: text, senderUuid: one.uuid };
      const rows = [messageGroupRow(one.uuid, other, moved), messageGroupRow(other.uuid, one, moved)];
      const ConditionExpression = 'attribute_not_exists(pk) OR message_group_uuid = :uuid';
      await Promise.all(
        rows.map((Item) => client.send(new PutCommand({ ...ofGroup(group), Item, ConditionExpression }))),
      );
      await Promise.all(
        (currentRows.get(group.uuid) ?? []).map(({ pk, sk }) =>
          client.send(
            new DeleteCommand({
              ...ofGroup(group),
              Key: { pk, sk },
              ConditionExpression: 'message_group_uuid = :uuid',
            }),
          ),
        ),
      );
      currentRows.set(group.uuid, rows);
    },
  };
}

function readRows({ client, tableName: TableName }: TableRef, { uuid }: BenchGroup, before: string) {
  const thread = new QueryCommand({
    TableName,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND sk < :before',
    ExpressionAttributeValues: { ':pk': keys.messages(uuid), ':before': before },
    ScanIndexForward: false,
    Limit: 1,
  });
  const index = new QueryCommand({
    TableName,
    IndexName: MESSAGE_GROUP_INDEX,
    KeyConditionExpression: 'message_group_uuid = :uuid',
    ExpressionAttributeValues: { ':uuid': uuid },
  });
  return Promise.all([client.send(thread), client.send(index)]);
}
