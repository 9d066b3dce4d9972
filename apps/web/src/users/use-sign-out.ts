import { forgetRegisteredDevice, readRegistered } from '../notifications/registered-device.ts';
import { wipeUnsent } from '../outbox/unsent-storage.ts';
import { useSession, useSessionStore } from '../session/session-store.ts';
import { OUTLIVES_PAGE } from '../trpc/at-once-link.ts';
import { useTRPCClient } from '../trpc/trpc.ts';
import { localStore } from '../ui/local-store.ts';
import { deleteExport } from './delete-export.ts';

/** Removes what people wrote and downloaded from the browser for good, in every tab. */
function wipeBrowser(): void {
  wipeUnsent(localStore);
  deleteExport();
}

/** Signs out, and removes all drafts and unsent messages from the browser for good, in every tab. */
export function useSignOut(): () => void {
  const store = useSessionStore();
  const userId = useSession()?.userId ?? '';
  const removeDevice = useRemoveDevice();
  return () => {
    const device = readRegistered(localStore, userId);
    // Needs the session: sent before this ends.
    if (device) removeDevice(device.deviceUuid);
    forgetRegisteredDevice(localStore, userId);
    store.signOut('requested');
    wipeBrowser();
  };
}

/** The same for all of the person's devices. Rejects, and changes nothing, if Cognito does not answer. */
export function useSignOutEverywhere(): () => Promise<void> {
  const store = useSessionStore();
  const userId = useSession()?.userId ?? '';
  const api = useTRPCClient();
  const removeDevice = useRemoveDevice();
  return async () => {
    const { items } = await api.devices.list.query({});
    await store.signOutEverywhere(() => {
      for (const { deviceUuid } of items) removeDevice(deviceUuid);
    });
    forgetRegisteredDevice(localStore, userId);
    wipeBrowser();
  };
}

/** Ends the pushes to a device, in the background. `endNotifications` ends those to this browser, whatever the server answers. */
function useRemoveDevice(): (deviceUuid: string) => void {
  const api = useTRPCClient();
  return (deviceUuid) => {
    api.devices.remove.mutate({ deviceUuid }, { context: OUTLIVES_PAGE }).catch((error: unknown) => {
      console.warn('A device was not removed.', error);
    });
  };
}
