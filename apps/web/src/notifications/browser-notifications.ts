import { plainText } from '../markup/plain-text.ts';
import type { Message } from '../trpc/types.ts';
import { graphemes } from '../ui/text.ts';

/** The notifications that this tab shows, at most one per group. */
export function createShownNotifications(onClick: (messageGroupUuid: string) => void) {
  const shown = new Map<string, { notification: Notification; messageUuid: string }>();
  const close = (messageGroupUuid: string, messageUuid?: string) => {
    const known = shown.get(messageGroupUuid);
    if (known === undefined || (messageUuid !== undefined && messageUuid !== known.messageUuid)) return;
    known.notification.close();
    shown.delete(messageGroupUuid);
  };
  return {
    show: (message: Message) => {
      const { messageGroupUuid } = message;
      const { title, ...options } = notificationOf(message);
      const notification = new Notification(title, { ...options, icon: '/favicon.svg' });
      notification.onclick = () => {
        window.focus();
        close(messageGroupUuid);
        onClick(messageGroupUuid);
      };
      close(messageGroupUuid);
      shown.set(messageGroupUuid, { notification, messageUuid: message.uuid });
    },
    /** @param messageUuid - closes only the notification of this message */
    close,
    closeAll: () => {
      for (const group of shown.keys()) close(group);
    },
  };
}

/** `undefined` where a page cannot show notifications. On Android only a service worker can; trying would show one. */
export function browserNotifications(): typeof Notification | undefined {
  if (!('Notification' in window) || /Android/i.test(navigator.userAgent)) return undefined;
  return Notification;
}

export function notificationOf({ uuid, displayName, message }: Message) {
  // The tag lets several tabs show one notification.
  return { title: displayName, body: shorten(plainText(message)), tag: `message:${uuid}` };
}

/** Puts a text on one line, and cuts it between graphemes if it is longer than `max` of them. */
export function shorten(text: string, max = 140): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  if (line.length <= max) return line;
  const kept: string[] = [];
  for (const segment of graphemes(line)) {
    if (kept.length === max) return `${kept.join('').trimEnd()}…`;
    kept.push(segment);
  }
  return line;
}
