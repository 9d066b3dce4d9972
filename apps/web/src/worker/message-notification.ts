import { plainText } from '../markup/plain-text.ts';
import { graphemes } from '../ui/text.ts';

// Page and service worker show the same notifications, so that one message is never shown twice.

/** A message as a notification shows it. */
export interface NotificationContent {
  messageGroupUuid: string;
  messageUuid: string;
  /** ISO 8601 in UTC, microseconds: string order is time order. */
  createdAt: string;
  /** The sender's. */
  displayName: string;
  /** As it was written; `null` if this device hides texts. */
  text: string | null;
}

type NotificationData = Pick<NotificationContent, 'messageGroupUuid' | 'messageUuid' | 'createdAt'>;

/** What the standard has, and TypeScript's library has not. */
interface ShownOptions extends NotificationOptions {
  renotify: boolean;
  timestamp: number;
}

const tagOf = (messageGroupUuid: string) => `message-group:${messageGroupUuid}`;

/** The title, and the text on one line; `words` in place of a hidden text. */
export const titleAndBody = ({ displayName, text }: NotificationContent, words: string) => ({
  title: displayName,
  body: text === null ? words : shorten(plainText(text)),
});

/**
 * Shows a message as its conversation's one notification. It rings once for each message; an earlier message than the one that
 * is shown changes nothing.
 *
 * @param words - shown in place of a hidden text
 */
export async function showNotification(
  registration: ServiceWorkerRegistration,
  message: NotificationContent,
  words: string,
): Promise<void> {
  const { messageGroupUuid, messageUuid, createdAt } = message;
  const tag = tagOf(messageGroupUuid);
  const [shown] = (await registration.getNotifications({ tag })).map(dataOf);
  if (shown !== undefined && shown.createdAt > createdAt) return;
  const { title, body } = titleAndBody(message, words);
  const isShown = shown?.messageUuid === messageUuid;
  const options: ShownOptions = {
    body,
    tag,
    data: { messageGroupUuid, messageUuid, createdAt } satisfies NotificationData,
    icon: '/icon-192.png',
    renotify: !isShown,
    silent: isShown,
    timestamp: Date.parse(createdAt),
  };
  await registration.showNotification(title, options);
}

interface Closing {
  messageGroupUuid: string;
  /** Closes only the notification of this message. */
  messageUuid?: string;
  /** Leaves the notification of a later message. */
  through?: string;
}

/** Closes a conversation's notification. */
export async function closeNotification(
  registration: ServiceWorkerRegistration,
  { messageGroupUuid, messageUuid, through }: Closing,
): Promise<void> {
  for (const notification of await registration.getNotifications({ tag: tagOf(messageGroupUuid) })) {
    const shown = dataOf(notification);
    if (messageUuid !== undefined && shown.messageUuid !== messageUuid) continue;
    if (through === undefined || shown.createdAt <= through) notification.close();
  }
}

/** What a notification of this page is about. */
export const dataOf = (notification: Notification): NotificationData => notification.data;

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
