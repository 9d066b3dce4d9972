import { useEffect } from 'react';
import { useMessageGroups } from '../message-groups/message-groups-provider.tsx';

/** Shows the number of unread conversations on the icon of the installed app, until the person signs out. */
export function AppBadge() {
  const { unread, isSuccess } = useMessageGroups();
  const count = isSuccess ? unread.total : null;
  useEffect(() => {
    if (count !== null) setBadge(count);
  }, [count]);
  useEffect(() => () => setBadge(0), []);
  return null;
}

function setBadge(count: number): void {
  // Not every browser has it; one that has may not allow it.
  if ('setAppBadge' in navigator) navigator.setAppBadge(count).catch(() => undefined);
}
