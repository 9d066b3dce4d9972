import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { keys } from '../table/keys.ts';
import { itemSchema } from '../table/parse-items.ts';
import { allItems, inPartition } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { EPOCH, isoOf, type Micros, parseTime } from '../table/time.ts';

/** A device that receives pushes, as stored. Times are as in sort keys. */
export const deviceSchema = itemSchema({
  pk: z.string(),
  sk: z.string(),
  endpoint: z.string(),
  /** The keys of RFC 8291, base64url. */
  p256dh: z.string(),
  auth: z.string(),
  /** The VAPID key that the endpoint was created for: the push service accepts no other. */
  public_key: z.string(),
  device_name: z.string(),
  hides_text: z.boolean(),
  created_at: z.string(),
  /** When its page last registered it. */
  used_at: z.string(),
  last_notified_at: z.optional(z.string()),
});
export type DeviceItem = z.output<typeof deviceSchema>;

/** Names the one person that an endpoint notifies. */
export const endpointSchema = itemSchema({ pk: z.string(), sk: z.string(), user_uuid: z.string() });

/** A device as its owner sees it. Times are ISO 8601 in UTC, microseconds. */
export interface Device {
  deviceUuid: string;
  name: string;
  /** Notifications show the sender, not the text. */
  hidesText: boolean;
  createdAt: string;
  /** When its page last started, to the day. */
  lastUsedAt: string;
  /** To the hour. */
  lastNotifiedAt: string | null;
}

export function toDevice(item: DeviceItem): Device {
  return {
    deviceUuid: item.sk,
    name: item.device_name,
    hidesText: item.hides_text,
    createdAt: isoOf(item.created_at),
    lastUsedAt: isoOf(item.used_at),
    lastNotifiedAt: item.last_notified_at === undefined ? null : isoOf(item.last_notified_at),
  };
}

/** A session lasts 30 days (`infra/src/data/user-pool.ts`), pages register when they start, and that is written once a day. */
const SESSION_MICROS = 31 * 24 * 60 * 60 * 1_000_000;

/** Whether the session must be over in which a device was registered last: who is in front of it may be anyone. */
export const isAbandoned = ({ used_at }: Pick<DeviceItem, 'used_at'>, now: Micros): boolean =>
  now - (parseTime(used_at) ?? EPOCH) > SESSION_MICROS;

/** A device's uuid (version 8): a hash of its endpoint, so that the same endpoint is the same device. */
export function deviceUuidOf(endpoint: string): string {
  const hash = createHash('sha256').update(endpoint).digest('hex');
  const variant = '89ab'.charAt(Number.parseInt(hash.charAt(16), 16) % 4);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    variant + hash.slice(17, 20),
    hash.slice(20, 32),
  ].join('-');
}

/** A person's devices as stored, strongly consistent: 1 read unit without any. */
export function queryDevices(table: TableRef, userUuid: string): Promise<DeviceItem[]> {
  return allItems(table, deviceSchema, { ...inPartition(keys.devices(userUuid)), ConsistentRead: true });
}
