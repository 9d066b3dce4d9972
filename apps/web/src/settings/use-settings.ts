import { useState } from 'react';
import { trpc } from '../trpc/trpc.ts';
import type { Settings, UpdateSettingsInput } from '../trpc/types.ts';

/** The signed-in person's settings. */
export function useSettings() {
  return trpc.users.settings.useQuery();
}

/**
 * Changes settings, one after the other. A change is shown at once, and until the server has answered: not by an edit of the
 * cache, which is drawn a moment later, when React has already put the switch back.
 *
 * @param stored - as the server has them
 */
export function useUpdateSettings(stored: Settings) {
  const [pending, setPending] = useState<readonly UpdateSettingsInput[]>([]);
  const { settings: cached } = trpc.useUtils().users;
  const [error, setError] = useState<unknown>();
  const { mutateAsync } = trpc.users.updateSettings.useMutation({
    scope: { id: 'settings' },
    onSuccess: (saved) => cached.setData(undefined, saved),
  });
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
