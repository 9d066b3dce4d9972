import { DeleteCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import {
  type Clock,
  formatTime,
  keys,
  MESSAGE_GROUP_INDEX,
  type MessageGroupRow,
  messageGroupRow,
  type Person,
  type TableRef,
} from '@cruddur/ddb';

/** A conversation of the bench. */
export interface BenchGroup {
  uuid: string;
  members: readonly [Person, Person];
}

/**
 * What no move of a group's rows can do without, bare: the thread is asked where the rows are, the index what is in them,
 * at once; then both rows are put, then both old ones deleted, on the conditions that keep other groups' rows. It knows
 * the answers, so nothing is parsed, planned or checked.
 */
export function createFloor({ client, tableName: TableName }: TableRef, clock: Clock, text: string) {
  const standing = new Map<string, MessageGroupRow[]>();

  const readBarely = ({ uuid }: BenchGroup, before: string) =>
    Promise.all([
      client.send(
        new QueryCommand({
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk AND sk < :before',
          ExpressionAttributeValues: { ':pk': keys.messages(uuid), ':before': before },
          ScanIndexForward: false,
          Limit: 1,
        }),
      ),
      client.send(
        new QueryCommand({
          TableName,
          IndexName: MESSAGE_GROUP_INDEX,
          KeyConditionExpression: 'message_group_uuid = :uuid',
          ExpressionAttributeValues: { ':uuid': uuid },
        }),
      ),
    ]);

  const ofGroup = ({ uuid }: BenchGroup) => ({ TableName, ExpressionAttributeValues: { ':uuid': uuid } });

  return {
    /** Says where a group's rows stand now. */
    begin: (group: BenchGroup, rows: MessageGroupRow[]) => standing.set(group.uuid, rows),

    async move(group: BenchGroup): Promise<void> {
      const at = clock();
      await readBarely(group, formatTime(at));
      const [one, other] = group.members;
      const moved = { uuid: group.uuid, at, message: text, senderUuid: one.uuid };
      const rows = [messageGroupRow(one.uuid, other, moved), messageGroupRow(other.uuid, one, moved)];
      const ConditionExpression = 'attribute_not_exists(pk) OR message_group_uuid = :uuid';
      await Promise.all(
        rows.map((Item) => client.send(new PutCommand({ ...ofGroup(group), Item, ConditionExpression }))),
      );
      await Promise.all(
        (standing.get(group.uuid) ?? []).map(({ pk, sk }) =>
          client.send(
            new DeleteCommand({
              ...ofGroup(group),
              Key: { pk, sk },
              ConditionExpression: 'message_group_uuid = :uuid',
            }),
          ),
        ),
      );
      standing.set(group.uuid, rows);
    },
  };
}
