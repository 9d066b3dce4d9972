import { createECDH, randomBytes } from 'node:crypto';

/** A push subscription, as a browser creates it, and its private key. */
export interface TestSubscription {
  endpoint: string;
  /** Base64url. */
  keys: { p256dh: string; auth: string };
  privateKey: Buffer;
}

let subscriptions = 0;

/** @param endpoint - by default one of a browser's service, with which nothing is to be sent */
export function createSubscription(
  endpoint = `https://fcm.googleapis.com/fcm/send/test-${++subscriptions}`,
): TestSubscription {
  const ecdh = createECDH('prime256v1');
  const p256dh = ecdh.generateKeys('base64url');
  const privateKey = Buffer.from(ecdh.getPrivateKey('hex').padStart(64, '0'), 'hex');
  return { endpoint, keys: { p256dh, auth: randomBytes(16).toString('base64url') }, privateKey };
}
