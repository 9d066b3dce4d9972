import { describe, expect, it } from 'vitest';
import { readStackEnv } from './env.ts';

describe('readStackEnv', () => {
  it('embeds all three services if the environment is empty', () => {
    const stack = readStackEnv({});
    expect([stack.dynamodb.embedded, stack.postgres.embedded, stack.cognito.embedded]).toEqual([true, true, true]);
    expect(stack.dynamodb.endpoint).toBe('http://127.0.0.1:8000');
    expect(stack.postgres.url).toContain(':54320/');
  });

  it('embeds nothing if every service is set', () => {
    const stack = readStackEnv({
      DATABASE_URL: 'postgresql://db.example/cruddur',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8123',
      COGNITO_USER_POOL_ID: 'eu-west-1_abc',
      COGNITO_CLIENT_ID: 'client',
      CURSOR_SECRET: 'x'.repeat(32),
    });
    expect([stack.dynamodb.embedded, stack.postgres.embedded, stack.cognito.embedded]).toEqual([false, false, false]);
    expect(stack.cognito.endpoint).toBeUndefined();
  });

  it('uses the real DynamoDB with AWS credentials and a region', () => {
    const stack = readStackEnv({ AWS_REGION: 'eu-west-1', AWS_PROFILE: 'ops' });
    expect(stack.dynamodb).toEqual({ embedded: false, port: 8000 });
  });

  it('treats an empty variable as absent', () => {
    expect(readStackEnv({ DATABASE_URL: '' }).postgres.embedded).toBe(true);
  });

  it.each(['redis://one', 'rediss://user:secret@one:6380', 'redis://one:1,redis://two:2'])(
    'accepts %j as REDIS_URL',
    (url) => {
      expect(readStackEnv({ REDIS_URL: url }).redisUrl).toBe(url);
    },
  );

  it.each(['one:6379', 'http://one', 'redis://one, two'])('refuses %j as REDIS_URL', (url) => {
    expect(() => readStackEnv({ REDIS_URL: url })).toThrow('REDIS_URL: must be redis://');
  });

  it('names every invalid variable', () => {
    expect(() => readStackEnv({ API_PORT: 'many', DATABASE_URL: 'mysql://x' })).toThrow(/API_PORT: .*DATABASE_URL: /);
  });

  it('derives the cursor secret from the database URL by default, the same for every instance', () => {
    const secretOf = (env: Record<string, string>) => readStackEnv(env).cursorSecret;
    const [one, other] = [{ DATABASE_URL: 'postgres://a:b@db/x' }, { DATABASE_URL: 'postgres://a:c@db/x' }];
    expect(secretOf(one)).toBe(secretOf(one));
    expect(secretOf(one)).not.toBe(secretOf(other));
    expect(secretOf({ ...one, CURSOR_SECRET: 'y'.repeat(32) })).toBe('y'.repeat(32));
  });
});
