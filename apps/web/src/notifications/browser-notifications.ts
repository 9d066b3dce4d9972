import type { Message } from '../trpc/types.ts';
import { notificationOf } from './message-notification.ts';

/** The notifications that this tab has shown, one a group. */
export interface ShownNotifications {
  show: (message: Message) => void;
  /** The group is read. */
  close: (messageGroupUuid: string) => void;
  closeAll: () => void;
}

/** @param onClick - called when the person clicks a notification of this group */
export function createShownNotifications(onClick: (messageGroupUuid: string) => void): ShownNotifications {
  const shown = new Map<string, Notification>();
  const close = (messageGroupUuid: string) => {
    shown.get(messageGroupUuid)?.close();
    shown.delete(messageGroupUuid);
  };
  return {
    show(message) {
      const { messageGroupUuid } = message;
      const { title, ...options } = notificationOf(message);
      const notification = new Notification(title, { ...options, icon: '/favicon.svg' });
      notification.onclick = () => {
        window.focus();
        close(messageGroupUuid);
        onClick(messageGroupUuid);
      };
      close(messageGroupUuid);
      shown.set(messageGroupUuid, notification);
    },
    close,
    closeAll: () => [...shown.keys()].forEach(close),
  };
}

/**
 * The browser's notifications; `undefined` where a page cannot show any. Chrome on Android knows them, but lets a service
 * worker alone show them; it is told by the platform, since trying would already show one.
 */
export function browserNotifications(): typeof Notification | undefined {
  if (!('Notification' in window) || /Android/i.test(navigator.userAgent)) return undefined;
  return Notification;
}
