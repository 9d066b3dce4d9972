import { t } from '../i18n/t.ts';
import type { Message } from '../trpc/types.ts';
import {
  closeNotification,
  type NotificationContent,
  showNotification,
  titleAndBody,
} from '../worker/message-notification.ts';

interface ShownDeps {
  /** The service worker's registration, whose notifications outlive the page; `undefined` where there is none. */
  registration: () => Promise<ServiceWorkerRegistration | undefined>;
  /** Whether this browser's notifications hide texts. */
  hidesText: () => boolean;
  /** Of a notification that this tab shows itself; the service worker tells the page of the others. */
  onClick: (messageGroupUuid: string) => void;
}

/** The notifications of this browser, at most one per group. Without a service worker, those that this tab shows. */
export function createShownNotifications({ registration, hidesText, onClick }: ShownDeps) {
  const own = new Map<string, { notification: Notification; messageUuid: string }>();
  const closeOwn = (messageGroupUuid: string, messageUuid?: string) => {
    const known = own.get(messageGroupUuid);
    if (known === undefined || (messageUuid !== undefined && messageUuid !== known.messageUuid)) return;
    known.notification.close();
    own.delete(messageGroupUuid);
  };
  const showOwn = (message: NotificationContent) => {
    const { messageGroupUuid, messageUuid } = message;
    const { title, body } = titleAndBody(message, t('worker.newMessage'));
    // The tag lets several tabs show one notification.
    const notification = new Notification(title, { body, tag: `message:${messageUuid}`, icon: '/favicon.svg' });
    notification.onclick = () => {
      window.focus();
      closeOwn(messageGroupUuid);
      onClick(messageGroupUuid);
    };
    closeOwn(messageGroupUuid);
    own.set(messageGroupUuid, { notification, messageUuid });
  };
  return {
    async show(message: Message): Promise<void> {
      const shown = contentOf(message, hidesText());
      const worker = await registration();
      if (worker) await showNotification(worker, shown, t('worker.newMessage'));
      else showOwn(shown);
    },
    /** @param messageUuid - closes only the notification of this message */
    async close(messageGroupUuid: string, messageUuid?: string): Promise<void> {
      closeOwn(messageGroupUuid, messageUuid);
      const worker = await registration();
      if (worker) await closeNotification(worker, { messageGroupUuid, messageUuid });
    },
    /** Closes those that only this tab can react to. */
    closeOwn: () => {
      for (const group of own.keys()) closeOwn(group);
    },
  };
}

/** `undefined` where the page can show no notifications. On Android only a service worker can, which development has not. */
export function browserNotifications(): typeof Notification | undefined {
  if (!('Notification' in window)) return undefined;
  const hasWorker = 'serviceWorker' in navigator && !import.meta.env.DEV;
  return /Android/i.test(navigator.userAgent) && !hasWorker ? undefined : Notification;
}

const contentOf = (
  { messageGroupUuid, uuid, createdAt, displayName, message }: Message,
  hidesText: boolean,
): NotificationContent => ({
  messageGroupUuid,
  messageUuid: uuid,
  createdAt,
  displayName,
  text: hidesText ? null : message,
});
