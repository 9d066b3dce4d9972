import { type PushPayload, parsePushPayload } from '@cruddur/config/push-payload';
import { closeNotification, dataOf, showNotification } from './message-notification.ts';
import type { WorkerMessage } from './messages.ts';

/** How long a visible page has to say what it shows, in milliseconds. */
const ANSWER_WITHIN_MS = 1_000;

/**
 * Shows and closes notifications as pushes say, also while no page is open.
 *
 * @param hiddenText - what is shown in place of a hidden text
 */
export function listenForPushes(worker: ServiceWorkerGlobalScope, hiddenText: () => Promise<string>): void {
  /** One after the other: a message waits for what pages answer, and its close must not overtake it. */
  let handled: Promise<unknown> = Promise.resolve();
  worker.addEventListener('push', (event) => {
    const payload = parsePushPayload(event.data?.text() ?? '');
    // Of a later release: its service worker is on the way.
    if (!payload) return;
    const handling = handled.then(() => receive(worker, payload, hiddenText));
    handled = handling.catch(() => undefined);
    event.waitUntil(handling);
  });
  worker.addEventListener('notificationclick', (event) => {
    const { messageGroupUuid } = dataOf(event.notification);
    event.notification.close();
    event.waitUntil(openConversation(worker, messageGroupUuid));
  });
}

async function receive(
  { registration, clients }: ServiceWorkerGlobalScope,
  payload: PushPayload,
  hiddenText: () => Promise<string>,
): Promise<void> {
  if (payload.kind === 'close') return closeNotification(registration, payload);
  if (await isInView(clients, payload.messageGroupUuid)) return;
  await showNotification(registration, payload, await hiddenText());
}

/** Whether a page shows the conversation now. A client's `url` is that of its load, so pages are asked. */
async function isInView(clients: Clients, messageGroupUuid: string): Promise<boolean> {
  const visible = (await windowsOf(clients)).filter(({ visibilityState }) => visibilityState === 'visible');
  const answers = await Promise.all(visible.map((page) => ask(page, messageGroupUuid)));
  return answers.includes(true);
}

function ask(page: WindowClient, messageGroupUuid: string): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  const message: WorkerMessage = { type: 'is_in_view', messageGroupUuid };
  return new Promise((resolve) => {
    // A page of an earlier build does not answer.
    const timer = setTimeout(() => resolve(false), ANSWER_WITHIN_MS);
    port1.onmessage = ({ data }) => {
      clearTimeout(timer);
      resolve(data === true);
    };
    page.postMessage(message, [port2]);
  });
}

/** Brings an open page to the front and to the conversation, or opens one. */
async function openConversation({ clients }: ServiceWorkerGlobalScope, messageGroupUuid: string): Promise<void> {
  const pages = await windowsOf(clients);
  const page =
    pages.find(({ focused }) => focused) ??
    pages.find(({ visibilityState }) => visibilityState === 'visible') ??
    pages[0];
  if (page === undefined) {
    await clients.openWindow(`/messages/${messageGroupUuid}`);
    return;
  }
  page.postMessage({ type: 'notification_clicked', messageGroupUuid } satisfies WorkerMessage);
  await page.focus();
}

const windowsOf = (clients: Clients) => clients.matchAll({ type: 'window', includeUncontrolled: true });
