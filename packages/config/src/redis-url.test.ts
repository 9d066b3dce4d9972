import { expect, it } from 'vitest';
import { readStackEnv } from './env.ts';

const REDIS_PASSWORD = 'a:b/c@d?e#f%g,h';

it.each(['rediss://api@bus.example:6379', 'rediss://api@one:1,rediss://two:2'])(
  'adds the password to the first URL of %s',
  (url) => {
    const [first = '', ...others] = (readStackEnv({ REDIS_URL: url, REDIS_PASSWORD }).redisUrl ?? '').split(',');
    const { href, username, password } = new URL(first);
    expect([username, decodeURIComponent(password)]).toEqual(['api', REDIS_PASSWORD]);
    expect([href.replace(`:${password}@`, '@'), ...others].join(',')).toBe(url);
  },
);

it('leaves a URL without a separate password as it is', () => {
  expect(readStackEnv({ REDIS_URL: 'redis://api:own@one' }).redisUrl).toBe('redis://api:own@one');
});
