import { ECDH } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createVapidKeys, parseVapidKeys, readLocalVapidKeys, vapidKeysFile } from './vapid-keys.ts';

describe('VAPID keys', () => {
  it('are a pair of the curve P-256', () => {
    const { publicKey, privateKey } = createVapidKeys();
    expect(ECDH.convertKey(publicKey, 'prime256v1', 'base64url', 'base64url', 'uncompressed')).toBe(publicKey);
    expect(Buffer.from(privateKey, 'base64url')).toHaveLength(32);
  });

  it('keep the three pairs before them', () => {
    const keys = [createVapidKeys()];
    for (let i = 0; i < 4; i++) keys.unshift(createVapidKeys(keys[0]));
    const publicKeys = keys.map(({ publicKey }) => publicKey);
    expect(new Set(publicKeys).size).toBe(5);
    expect(keys[0]?.previous.map(({ publicKey }) => publicKey)).toEqual(publicKeys.slice(1, 4));
  });

  it('are read from JSON, and nothing else is', () => {
    const keys = createVapidKeys(createVapidKeys());
    expect(parseVapidKeys(JSON.stringify(keys))).toEqual(keys);
    expect(parseVapidKeys(JSON.stringify({ ...keys, privateKey: '' }))).toBeUndefined();
    expect(parseVapidKeys('secret')).toBeUndefined();
  });

  it('of the embedded stack are in its folder', () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'cruddur-vapid-'));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    expect(readLocalVapidKeys(dir)).toBeUndefined();
    const keys = createVapidKeys();
    writeFileSync(vapidKeysFile(dir), JSON.stringify(keys));
    expect(readLocalVapidKeys(dir)).toEqual(keys);
  });
});
