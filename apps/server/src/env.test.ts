import { describe, expect, it } from 'vitest';
import { readMigrateEnv, readServerEnv } from './env.ts';

const AWS = { AWS_REGION: 'eu-west-1', AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/credentials' };
const DATABASE_URL = 'postgres://a:b@db/x';

describe('readServerEnv', () => {
  it.each([
    AWS,
    { ...AWS, DATABASE_URL, CURSOR_SECRET: '' },
    { AWS_ENDPOINT_URL_DYNAMODB: 'https://vpce-1.dynamodb.eu-west-1.vpce.amazonaws.com' },
  ])('requires a cursor secret if a derived one would be public or change: %j', (env) => {
    expect(() => readServerEnv(env)).toThrow(/CURSOR_SECRET: is required/);
    expect(readServerEnv({ ...env, CURSOR_SECRET: 'x'.repeat(32) }).stack.cursorSecret).toBe('x'.repeat(32));
  });

  it.each([{}, { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8123', DATABASE_URL }])(
    'derives the cursor secret: %j',
    (env) => {
      expect(readServerEnv(env).stack.cursorSecret).not.toBe('');
    },
  );
});

it('readMigrateEnv needs no cursor secret', () => {
  expect(readMigrateEnv({ ...AWS, DATABASE_URL }).databaseUrl).toBe(DATABASE_URL);
});
