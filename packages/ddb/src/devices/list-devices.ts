import * as z from 'zod/mini';
import { keys } from '../table/keys.ts';
import { firstPage, inPartition } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { type Device, queryDevices, toDevice } from './device.ts';

const keySchema = z.object({ pk: z.string() });

/** Whether a person has devices that receive pushes, eventually consistent: half a read unit. */
export async function hasDevices(table: TableRef, userUuid: string): Promise<boolean> {
  const query = { ...inPartition(keys.devices(userUuid)), ProjectionExpression: 'pk', Limit: 1 };
  return (await firstPage(table, keySchema, query)).items.length > 0;
}

/** A person's devices that receive pushes, in the order in which they were added. At most ten. */
export async function listDevices(table: TableRef, userUuid: string): Promise<Device[]> {
  const items = await queryDevices(table, userUuid);
  return items.sort((a, b) => (a.created_at < b.created_at ? -1 : 1)).map(toDevice);
}
