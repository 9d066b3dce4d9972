import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '../trpc/trpc.ts';
import type { Settings, UpdateSettingsInput } from '../trpc/types.ts';

/** The signed-in person's settings. */
export function useSettings() {
  const trpc = useTRPC();
  return useQuery(trpc.users.settings.queryOptions());
}

/**
 * Changes settings, one after the other. A change is shown at once, and until the server has answered: not by an edit of the
 * cache, which is drawn a moment later, when React has already put the switch back.
 *
 * @param stored - as the server has them
 */
export function useUpdateSettings(stored: Settings) {
  const [pending, setPending] = useState<readonly UpdateSettingsInput[]>([]);
  const client = useQueryClient();
  const trpc = useTRPC();
  const [error, setError] = useState<unknown>();
  const { mutateAsync } = useMutation(
    trpc.users.updateSettings.mutationOptions({
      scope: { id: 'settings' },
      onSuccess: (saved) => void client.setQueryData(trpc.users.settings.queryKey(), saved),
    }),
  );
  const update = (change: UpdateSettingsInput) => {
    setPending((before) => [...before, change]);
    setError(undefined);
    // A later change that is saved does not hide that this one was not.
    mutateAsync(change)
      .catch(setError)
      .finally(() => setPending((before) => before.filter((each) => each !== change)));
  };
  const shown: Settings = Object.assign({}, stored, ...pending);
  return { shown, update, error };
}
