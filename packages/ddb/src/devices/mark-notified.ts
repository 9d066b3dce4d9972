import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { WithClock } from '../table/clock.ts';
import { meetsCondition } from '../table/errors.ts';
import type { TableRef } from '../table/table-ref.ts';
import { EPOCH, formatTime, parseTime } from '../table/time.ts';
import type { DeviceItem } from './device.ts';

/** It is written to the hour: a busy device would cost a write for each message. */
const STEP_MICROS = 60 * 60 * 1_000_000;

/** Records that a device was notified, unless it was within the last hour or is removed. */
export async function markNotified(
  store: TableRef & WithClock,
  { pk, sk, last_notified_at: before }: Pick<DeviceItem, 'pk' | 'sk' | 'last_notified_at'>,
): Promise<void> {
  const now = store.clock();
  if (now - (parseTime(before ?? '') ?? EPOCH) < STEP_MICROS) return;
  const update = new UpdateCommand({
    TableName: store.tableName,
    Key: { pk, sk },
    UpdateExpression: 'SET last_notified_at = :now',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':now': formatTime(now) },
  });
  await meetsCondition(store.client.send(update, { abortSignal: store.signal }));
}
