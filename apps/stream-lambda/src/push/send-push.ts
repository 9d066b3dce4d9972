import { isPushEndpoint } from '@cruddur/config/push-services';
import type { VapidKeys } from '@cruddur/config/vapid-keys';
import type { DeviceItem } from '@cruddur/ddb';
import webPush from 'web-push';

/** Longest that a push service may take. */
const TIMEOUT_MS = 10_000;
/** How long it keeps a push for a device that is off. */
const TTL_S = 24 * 60 * 60;

export interface PushSender {
  keys: VapidKeys;
  /** `mailto:` or `https:`, where push services can reach the operators. */
  subject: string;
  /** Origins of push services besides those of browsers. */
  services: readonly string[];
  timeoutMs?: number | undefined;
}

export interface Push {
  payload: string;
  /** It replaces one of the same topic that was not delivered yet: 32 characters of base64url. */
  topic: string;
  urgency: 'high' | 'low';
}

/** What a push service answered. */
export type PushOutcome =
  | { kind: 'sent' }
  /** The device will never receive pushes again. */
  | { kind: 'gone' }
  /** It may be accepted later; after `waitMs`, if the service said so. `why` is a status or the name of an error. */
  | { kind: 'deferred'; why: string; waitMs?: number | undefined }
  /** No attempt will be accepted. */
  | { kind: 'refused'; why: string };

/**
 * Sends a push to a device: encrypted by RFC 8291, identified by VAPID. Follows no redirect, and calls only known push services. Never
 * rejects because of the service.
 */
export async function sendPush(sender: PushSender, device: DeviceItem, push: Push): Promise<PushOutcome> {
  const { services, timeoutMs = TIMEOUT_MS } = sender;
  // The list may have changed since the device was registered.
  if (!isPushEndpoint(device.endpoint, services)) return { kind: 'refused', why: 'unknown service' };
  const pair = [sender.keys, ...sender.keys.previous].find(({ publicKey }) => publicKey === device.public_key);
  if (!pair) return { kind: 'refused', why: 'unknown VAPID key' };
  const request = encrypt(device, push, { subject: sender.subject, ...pair });
  // No other attempt can encrypt it.
  if (!request) return { kind: 'refused', why: 'unusable keys' };
  try {
    const response = await fetch(device.endpoint, {
      ...request,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    // Nothing in the body is needed, and it may never end.
    void response.body?.cancel().catch(() => undefined);
    return outcomeOf(response.status, response.headers.get('retry-after'));
  } catch (error) {
    // Not its message: it may have the endpoint.
    return { kind: 'deferred', why: error instanceof Error ? error.name : 'unknown error' };
  }
}

function encrypt(
  { endpoint, p256dh, auth }: DeviceItem,
  { payload, ...options }: Push,
  { subject, publicKey, privateKey }: { subject: string; publicKey: string; privateKey: string },
): Pick<RequestInit, 'method' | 'headers' | 'body'> | undefined {
  try {
    const { method, headers, body } = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, payload, {
      ...options,
      TTL: TTL_S,
      contentEncoding: 'aes128gcm',
      vapidDetails: { subject, publicKey, privateKey },
    });
    // fetch sets the length.
    const { 'Content-Length': _, ...sent } = headers as Record<string, string>;
    return { method, headers: sent, body: new Uint8Array(body ?? []) };
  } catch {
    return undefined;
  }
}

function outcomeOf(status: number, retryAfter: string | null): PushOutcome {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (status === 404 || status === 410) return { kind: 'gone' };
  if (status === 429 || status >= 500)
    return { kind: 'deferred', why: String(status), waitMs: parseRetryAfter(retryAfter) };
  return { kind: 'refused', why: String(status) };
}

/** In seconds, or a date. */
function parseRetryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const waitMs = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1000;
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}
