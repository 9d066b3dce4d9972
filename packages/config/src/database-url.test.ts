import { describe, expect, it } from 'vitest';
import { databaseUrlOf } from './database-url.ts';
import { readStackEnv } from './env.ts';

const parts = {
  DATABASE_HOST: 'db.example',
  DATABASE_NAME: 'cruddur',
  DATABASE_USER: 'app',
  DATABASE_PASSWORD: 'secret',
};

describe('databaseUrlOf', () => {
  it('builds a URL from the parts', () => {
    expect(databaseUrlOf({ ...parts, DATABASE_PORT: 6432 })).toBe('postgresql://app:secret@db.example:6432/cruddur');
    expect(databaseUrlOf(parts)).toContain(':5432/');
  });

  it('encodes any characters of a password', () => {
    const DATABASE_PASSWORD = 'a:b/c@d?e#f%g[h] i&j=k+\'"';
    const url = new URL(databaseUrlOf({ ...parts, DATABASE_PASSWORD }) ?? '');
    expect(decodeURIComponent(url.password)).toBe(DATABASE_PASSWORD);
    expect(url.hostname).toBe('db.example');
  });

  it('requires TLS and a certificate of the file', () => {
    const url = new URL(databaseUrlOf({ ...parts, DATABASE_CA_FILE: '/app/rds-ca.pem' }) ?? '');
    expect(Object.fromEntries(url.searchParams)).toEqual({ sslmode: 'verify-full', sslrootcert: '/app/rds-ca.pem' });
  });

  it.each(['DATABASE_NAME', 'DATABASE_USER', 'DATABASE_PASSWORD'])('names %s if it is missing', (name) => {
    expect(() => databaseUrlOf({ ...parts, [name]: undefined })).toThrow(name);
  });

  describe('with a token of IAM', () => {
    const { DATABASE_PASSWORD: _, ...withoutPassword } = parts;
    const iam = { ...withoutPassword, DATABASE_CA_FILE: '/app/rds-ca.pem', DATABASE_AUTH: 'iam' as const };

    it('has a user and no password', () => {
      const { username, password, searchParams } = new URL(databaseUrlOf(iam) ?? '');
      expect([username, password, searchParams.get('sslmode')]).toEqual(['app', '', 'verify-full']);
      expect(readStackEnv(iam).postgres).toMatchObject({ embedded: false, auth: 'iam' });
    });

    it.each([
      ['no host', { DATABASE_HOST: undefined }, 'DATABASE_HOST'],
      ['a password', { DATABASE_PASSWORD: 'secret' }, 'DATABASE_PASSWORD'],
      ['no TLS', { DATABASE_CA_FILE: undefined }, 'DATABASE_CA_FILE'],
      ['no user', { DATABASE_USER: undefined }, 'DATABASE_USER'],
    ])('rejects %s', (_, change, name) => {
      expect(() => databaseUrlOf({ ...iam, ...change })).toThrow(name);
    });

    it('needs no TLS on this machine', () => {
      const local = { ...iam, DATABASE_CA_FILE: undefined, DATABASE_HOST: '127.0.0.1' };
      expect(databaseUrlOf(local)).toBe('postgresql://app@127.0.0.1:5432/cruddur');
    });
  });

  it('rejects a URL together with parts', () => {
    expect(() => databaseUrlOf({ ...parts, DATABASE_URL: 'postgresql://x/y' })).toThrow(/DATABASE_HOST.*DATABASE_URL/);
  });

  it('returns the URL, or undefined if nothing is set', () => {
    expect(databaseUrlOf({ DATABASE_URL: 'postgresql://x/y' })).toBe('postgresql://x/y');
    expect(databaseUrlOf({})).toBeUndefined();
  });
});

describe('readStackEnv', () => {
  it('embeds no PostgreSQL if the parts name one', () => {
    expect(readStackEnv(parts).postgres).toMatchObject({ embedded: false, url: databaseUrlOf(parts) });
  });
});
