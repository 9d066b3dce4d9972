import type { WorkerMessage } from '../worker/messages.ts';

/** The service worker's registration; `undefined` where there is none, or none that has started. */
export async function activeRegistration(): Promise<ServiceWorkerRegistration | undefined> {
  // Not in an insecure context, nor in some browsers' private windows.
  if (!('serviceWorker' in navigator)) return undefined;
  const registration = await navigator.serviceWorker.getRegistration();
  return registration?.active ? registration : undefined;
}

/** Whether this browser's push service delivers pushes to it, for this person or another one. */
export const receivesPushes = async (): Promise<boolean> =>
  Boolean(await (await activeRegistration())?.pushManager?.getSubscription());

/**
 * Ends the pushes to this browser, since no one is signed in, and closes what they have shown: it has texts. The push service answers
 * the server's next one with 410.
 */
export async function endNotifications(): Promise<void> {
  const registration = await activeRegistration();
  try {
    const subscription = await registration?.pushManager?.getSubscription();
    await subscription?.unsubscribe();
  } finally {
    for (const notification of (await registration?.getNotifications()) ?? []) notification.close();
  }
}

interface WorkerQuestions {
  isInView: (messageGroupUuid: string) => boolean;
  /** The person has clicked a notification of a conversation. */
  onClick: (messageGroupUuid: string) => void;
}

/** Answers what the service worker asks about notifications. Returns an unsubscribe function. */
export function answerWorker({ isInView, onClick }: WorkerQuestions): () => void {
  if (!('serviceWorker' in navigator)) return () => undefined;
  const { serviceWorker } = navigator;
  const onMessage = ({ data, ports }: MessageEvent<WorkerMessage>) => {
    if (data.type === 'notification_clicked') onClick(data.messageGroupUuid);
    if (data.type === 'is_in_view') ports[0]?.postMessage(isInView(data.messageGroupUuid));
  };
  serviceWorker.addEventListener('message', onMessage);
  return () => serviceWorker.removeEventListener('message', onMessage);
}
