import type { TableRef } from '../table/table-ref.ts';
import { type Device, queryDevices, toDevice } from './device.ts';

/** A person's devices that receive pushes, in the order in which they were added. At most ten. */
export async function listDevices(table: TableRef, userUuid: string): Promise<Device[]> {
  const items = await queryDevices(table, userUuid);
  return items.sort((a, b) => (a.created_at < b.created_at ? -1 : 1)).map(toDevice);
}
