import { useQueryClient } from '@tanstack/react-query';
import { getQueryKey } from '@trpc/react-query';
import { trpc } from '../trpc/trpc.ts';

/** The signed-in person's settings. */
export function useSettings() {
  return trpc.users.settings.useQuery();
}

/** Changes some of the settings: shown at once, and as before if the server refuses. */
export function useUpdateSettings() {
  const client = useQueryClient();
  const { settings } = trpc.useUtils().users;
  return trpc.users.updateSettings.useMutation({
    async onMutate(change) {
      await settings.cancel();
      const before = settings.getData();
      settings.setData(undefined, (current) => current && { ...current, ...withoutUndefined(change) });
      return before;
    },
    onError(_error, change, before) {
      if (before === undefined) return;
      const names = Object.keys(change) as (keyof typeof before)[];
      const old = Object.fromEntries(names.map((name) => [name, before[name]]));
      settings.setData(undefined, (current) => current && { ...current, ...old });
    },
    onSettled() {
      const isLast = client.isMutating({ mutationKey: getQueryKey(trpc.users.updateSettings) }) <= 1;
      return isLast ? settings.invalidate() : undefined;
    },
  });
}

function withoutUndefined<T extends object>(change: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
