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
