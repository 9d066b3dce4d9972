import * as z from 'zod/mini';
import { deviceSchema, endpointSchema } from '../../devices/device.ts';
import { deviceOfEndpoint, deviceOwnerOf } from '../../table/keys.ts';
import type { Item } from '../../table/parse-items.ts';
import type { Breach } from './find-breaches.ts';

/** The devices that receive pushes, and whose they are. */
export interface DeviceScan {
  /** Owner and device, and whether the item can be read. */
  devices: { ownerUuid: string; deviceUuid: string; isValid: boolean }[];
  /** The owner by device, as the endpoints name them. */
  owners: Map<string, string>;
}

export const emptyDevices = (): DeviceScan => ({ devices: [], owners: new Map() });

/** Adds an item, if it is one of these. */
export function addDeviceItem({ devices, owners }: DeviceScan, item: Item): void {
  const [pk, sk] = [String(item.pk), String(item.sk)];
  const ownerUuid = deviceOwnerOf(pk);
  const deviceUuid = deviceOfEndpoint(pk);
  if (ownerUuid !== undefined) {
    devices.push({ ownerUuid, deviceUuid: sk, isValid: z.safeParse(deviceSchema, item).success });
  } else if (deviceUuid !== undefined) {
    owners.set(deviceUuid, z.safeParse(endpointSchema, item).data?.user_uuid ?? '');
  }
}

/** Finds devices that cannot be read or whose endpoint names another owner, and endpoints whose owner does not have the device. */
export function findDeviceBreaches({ devices, owners }: DeviceScan): Breach[] {
  const breach = (ownerUuid: string, deviceUuid: string): Breach => ({
    kind: 'device_wrong',
    messageGroupUuid: '',
    detail: `${deviceUuid} of ${ownerUuid}`,
    ownerUuid,
    deviceUuid,
  });
  const owned = new Set(devices.map(({ ownerUuid, deviceUuid }) => `${ownerUuid} ${deviceUuid}`));
  return [
    ...devices
      .filter(({ ownerUuid, deviceUuid, isValid }) => !isValid || owners.get(deviceUuid) !== ownerUuid)
      .map(({ ownerUuid, deviceUuid }) => breach(ownerUuid, deviceUuid)),
    ...[...owners]
      .filter(([deviceUuid, ownerUuid]) => !owned.has(`${ownerUuid} ${deviceUuid}`))
      .map(([deviceUuid, ownerUuid]) => breach(ownerUuid, deviceUuid)),
  ];
}
