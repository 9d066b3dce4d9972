import type { LocalStore } from '../ui/local-store.ts';

/** What this browser is for the server, if it receives pushes for a person. */
interface Registered {
  deviceUuid: string;
  endpoint: string;
}

const keyOf = (userId: string) => `device:${userId}`;

/** This browser among the person's devices; `undefined` if it receives no pushes. */
export function readRegistered(store: LocalStore, userId: string): Registered | undefined {
  try {
    const { deviceUuid, endpoint } = JSON.parse(store.get(keyOf(userId)) ?? 'null') ?? {};
    return typeof deviceUuid === 'string' && typeof endpoint === 'string' ? { deviceUuid, endpoint } : undefined;
  } catch {
    return undefined;
  }
}

export const storeRegistered = (store: LocalStore, userId: string, registered: Registered): void =>
  store.set(keyOf(userId), JSON.stringify(registered));

export const forgetRegisteredDevice = (store: LocalStore, userId: string): void => store.set(keyOf(userId), null);
