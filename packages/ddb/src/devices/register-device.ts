import { DEVICES_MAX } from '@cruddur/config';
import type { WithClock } from '../table/clock.ts';
import { keys } from '../table/keys.ts';
import { getItem } from '../table/query-items.ts';
import { retryOnConflict } from '../table/retry.ts';
import type { TableRef } from '../table/table-ref.ts';
import { formatTime, parseTime } from '../table/time.ts';
import { type TransactionItems, writeAsRead } from '../table/transaction.ts';
import { type Device, type DeviceItem, deviceUuidOf, endpointSchema, queryDevices, toDevice } from './device.ts';
import { deletesOfDevice } from './remove-device.ts';

export interface RegisterDeviceInput {
  userUuid: string;
  /** Of its push service. */
  endpoint: string;
  /** Of RFC 8291, base64url. */
  keys: { p256dh: string; auth: string };
  /** The VAPID key that the endpoint was created for. */
  publicKey: string;
  name: string;
  hidesText: boolean;
}

/** A device that is registered again without a change is written again after this. */
const USED_AT_STEP_MICROS = 24 * 60 * 60 * 1_000_000;

/**
 * Adds a device that receives pushes, or updates it. An endpoint has one owner: if it was another person's, it leaves their devices.
 * Beyond ten, the devices that were unused for the longest are removed. Pages register at each start: without a change it costs
 * 2 read units and, once a day, a transaction.
 */
export async function registerDevice(store: TableRef & WithClock, input: RegisterDeviceInput): Promise<Device> {
  return retryOnConflict(() => registerOnce(store, input), store);
}

async function registerOnce(store: TableRef & WithClock, input: RegisterDeviceInput): Promise<Device> {
  const { userUuid } = input;
  const deviceUuid = deviceUuidOf(input.endpoint);
  const endpoint = keys.endpoint(deviceUuid);
  const [devices, owner] = await Promise.all([queryDevices(store, userUuid), getItem(store, endpointSchema, endpoint)]);
  const existing = devices.find(({ sk }) => sk === deviceUuid);
  const item = deviceItem(input, formatTime(store.clock()), existing);
  if (existing && owner?.user_uuid === userUuid && isCurrent(existing, item)) return toDevice(existing);
  const others = devices.filter(({ sk }) => sk !== deviceUuid).sort((a, b) => (lastUse(a) > lastUse(b) ? -1 : 1));
  const surplus = others.slice(DEVICES_MAX - 1);
  const claim = { Put: { TableName: store.tableName, Item: { ...endpoint, user_uuid: userUuid } } };
  const writes: TransactionItems = [
    { Put: { TableName: store.tableName, Item: item } },
    { Put: { ...claim.Put, ...ownedBy(owner?.user_uuid) } },
    ...surplus.flatMap(({ sk }) => deletesOfDevice(store, userUuid, sk)),
  ];
  if (owner && owner.user_uuid !== userUuid) {
    writes.push({ Delete: { TableName: store.tableName, Key: { ...keys.device(owner.user_uuid, deviceUuid) } } });
  }
  await writeAsRead(store, writes);
  return toDevice(item);
}

function deviceItem(input: RegisterDeviceInput, now: string, existing: DeviceItem | undefined): DeviceItem {
  const { userUuid, endpoint } = input;
  return {
    ...keys.device(userUuid, deviceUuidOf(endpoint)),
    endpoint,
    ...input.keys,
    public_key: input.publicKey,
    device_name: input.name,
    hides_text: input.hidesText,
    created_at: existing?.created_at ?? now,
    used_at: now,
    last_notified_at: existing?.last_notified_at,
  };
}

/** Whether an item is as it would be written, used no more than a day before. */
function isCurrent(existing: DeviceItem, item: DeviceItem): boolean {
  const isSame = (['p256dh', 'auth', 'public_key', 'device_name', 'hides_text'] as const).every(
    (attribute) => existing[attribute] === item[attribute],
  );
  return isSame && (parseTime(item.used_at) ?? 0) - (parseTime(existing.used_at) ?? 0) < USED_AT_STEP_MICROS;
}

const lastUse = ({ used_at, last_notified_at = used_at }: DeviceItem) =>
  last_notified_at > used_at ? last_notified_at : used_at;

/** The condition that an endpoint still has the owner that was read. */
function ownedBy(userUuid: string | undefined) {
  if (userUuid === undefined) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return { ConditionExpression: 'user_uuid = :owner', ExpressionAttributeValues: { ':owner': userUuid } };
}
