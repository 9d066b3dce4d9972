import { createECDH } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';

/** A point of the curve P-256, uncompressed: 65 bytes, base64url. */
const publicKey = z.string().check(z.regex(/^B[\w-]{86}$/));
const pairSchema = z.object({ publicKey, privateKey: z.string().check(z.regex(/^[\w-]{43}$/)) });

const schema = z.extend(pairSchema, {
  /** The pairs before it, newest first: devices that were registered with one keep it until their page registers again. */
  previous: z.array(pairSchema),
});

type VapidPair = z.output<typeof pairSchema>;

/** The key pairs with which the server identifies itself to push services (VAPID, RFC 8292), base64url. */
export type VapidKeys = z.output<typeof schema>;

/** Former pairs that are kept. */
const PREVIOUS_MAX = 3;

/** Creates a pair, as the first or in place of another. */
export function createVapidKeys(former?: VapidKeys): VapidKeys {
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  const pair: VapidPair = {
    publicKey: ecdh.getPublicKey('base64url'),
    // Without its leading zeros by default.
    privateKey: Buffer.from(ecdh.getPrivateKey('hex').padStart(64, '0'), 'hex').toString('base64url'),
  };
  const previous = former ? [{ publicKey: former.publicKey, privateKey: former.privateKey }, ...former.previous] : [];
  return { ...pair, previous: previous.slice(0, PREVIOUS_MAX) };
}

/** Reads keys from JSON; `undefined` if it is something else. */
export function parseVapidKeys(json: string): VapidKeys | undefined {
  try {
    return schema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

/** Where push services are told to find the operators of an embedded stack. */
export const LOCAL_VAPID_SUBJECT = 'mailto:nobody@localhost';

/** The file of the embedded stack's keys in `LOCAL_DATA_DIR`. */
export const vapidKeysFile = (dataDir: string): string => path.join(dataDir, 'vapid-keys.json');

/** The embedded stack's keys; `undefined` before its first start. */
export function readLocalVapidKeys(dataDir: string): VapidKeys | undefined {
  const file = vapidKeysFile(dataDir);
  return existsSync(file) ? parseVapidKeys(readFileSync(file, 'utf8')) : undefined;
}
