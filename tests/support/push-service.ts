import { createDecipheriv, createECDH, createPublicKey, hkdfSync, verify } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSubscription, type TestSubscription } from './push-subscription.ts';

/** A push as a device receives it: its service has checked who sent it, and the device has decrypted it. */
export interface ReceivedPush {
  payload: unknown;
  topic: string | undefined;
  urgency: string | undefined;
  /** Seconds. */
  ttl: number;
  /** The sender's VAPID key, base64url. */
  publicKey: string;
}

/** How the service answers for one endpoint. */
interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** Never answers. */
  hangs?: boolean;
}

/** A request as it arrived; the body is base64. */
interface RawPush {
  headers: Record<string, string>;
  body: string;
}

/** A push service at this machine, as those of browsers, for one or more test files. */
export interface PushService {
  /** To name in `PUSH_SERVICES`. */
  origin: string;
  close(): Promise<void>;
}

/**
 * Starts a push service. Test files of other processes reach it by its origin: see {@link subscribeAt}. It keeps what it receives:
 * `GET` at an endpoint returns it, `PUT` sets how the endpoint answers.
 */
export async function startPushService(): Promise<PushService> {
  const received = new Map<string, RawPush[]>();
  const answers = new Map<string, Answer>();
  const server = createServer((request, response) => {
    void (async () => {
      const path = request.url ?? '';
      const body = await readBody(request);
      if (request.method === 'GET') return response.end(JSON.stringify(received.get(path) ?? []));
      if (request.method === 'PUT') {
        answers.set(path, JSON.parse(body.toString()) as Answer);
        return response.end();
      }
      const headers = request.headers as Record<string, string>;
      received.set(path, [...(received.get(path) ?? []), { headers, body: body.toString('base64') }]);
      const answer = answers.get(path) ?? { status: 201 };
      if (!answer.hangs) response.writeHead(answer.status, answer.headers).end();
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A subscription at a test's push service, and what its device receives. */
export interface PushReceiver extends TestSubscription {
  /** Every push so far. Throws if one is not as RFC 8291 and RFC 8292 demand. */
  pushes(): Promise<ReceivedPush[]>;
  /** How many requests there were, also those that were not accepted. */
  count(): Promise<number>;
  answer(answer: Answer): Promise<void>;
}

let endpoints = 0;

/** Creates a subscription at the push service of an origin. */
export function subscribeAt(origin: string): PushReceiver {
  const subscription = createSubscription(`${origin}/push/${process.pid}-${++endpoints}`);
  const { endpoint } = subscription;
  const read = async () => (await (await fetch(endpoint)).json()) as RawPush[];
  return {
    ...subscription,
    pushes: async () => (await read()).map((raw) => receive(subscription, raw)),
    count: async () => (await read()).length,
    answer: async (answer) => void (await fetch(endpoint, { method: 'PUT', body: JSON.stringify(answer) })),
  };
}

function receive(subscription: TestSubscription, { headers, body }: RawPush): ReceivedPush {
  if (headers['content-encoding'] !== 'aes128gcm') throw new Error('the payload is not encrypted as RFC 8291 demands');
  return {
    payload: JSON.parse(decrypt(subscription, Buffer.from(body, 'base64')).toString()),
    topic: headers.topic,
    urgency: headers.urgency,
    ttl: Number(headers.ttl),
    publicKey: verifySender(new URL(subscription.endpoint).origin, headers.authorization),
  };
}

/** Checks the token of RFC 8292. Returns the key that signed it. */
function verifySender(audience: string, authorization = ''): string {
  const [, token = '', publicKey = ''] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(authorization) ?? [];
  const [header = '', claims = '', signature = ''] = token.split('.');
  const point = Buffer.from(publicKey, 'base64url');
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  const signed = { key, dsaEncoding: 'ieee-p1363' } as const;
  const isValid = verify('sha256', Buffer.from(`${header}.${claims}`), signed, Buffer.from(signature, 'base64url'));
  if (!isValid) throw new Error('the token is not signed by the key that it names');
  const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
  const secondsLeft = Number(exp) - Date.now() / 1000;
  if (aud !== audience || !(secondsLeft > 0 && secondsLeft <= 24 * 3600) || !/^(mailto:|https:)/.test(String(sub))) {
    throw new Error(`the token's claims are wrong: ${claims}`);
  }
  return publicKey;
}

/** Decrypts a body of one record: RFC 8291, section 3, and RFC 8188. */
function decrypt({ keys, privateKey }: TestSubscription, body: Buffer): Buffer {
  const [salt, recordSize, keyLength] = [body.subarray(0, 16), body.readUInt32BE(16), body.readUInt8(20)];
  const senderKey = body.subarray(21, 21 + keyLength);
  const record = body.subarray(21 + keyLength);
  if (record.length > recordSize || body.length > 4096) throw new Error('the payload is too large');
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(privateKey);
  const shared = ecdh.computeSecret(senderKey);
  const own = Buffer.from(keys.p256dh, 'base64url');
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), own, senderKey]);
  const secret = Buffer.from(hkdfSync('sha256', shared, Buffer.from(keys.auth, 'base64url'), info, 32));
  const key = Buffer.from(hkdfSync('sha256', secret, salt, 'Content-Encoding: aes128gcm\0', 16));
  const nonce = Buffer.from(hkdfSync('sha256', secret, salt, 'Content-Encoding: nonce\0', 12));
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAuthTag(record.subarray(-16));
  const plain = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  // Padding: a delimiter, then zeros.
  return plain.subarray(0, plain.lastIndexOf(2));
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
