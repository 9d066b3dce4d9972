import { useEffect } from 'react';

/** While something is unread, the page's icon in the browser's tab has a dot. */
export function useUnreadIcon(isUnread: boolean): void {
  useEffect(() => {
    const icon = isUnread ? document.querySelector('link[rel="icon"][type="image/svg+xml"]') : null;
    if (icon === null) return;
    const plain = icon.getAttribute('href') ?? '';
    icon.setAttribute('href', '/favicon-unread.svg');
    return () => icon.setAttribute('href', plain);
  }, [isUnread]);
}
