import type { RedisOptions } from 'ioredis';

/** A Redis server. */
export interface RedisAddress {
  host: string;
  port: number;
}

interface RedisTarget {
  /** Servers to ask first: a single server, or nodes or the endpoint of a cluster. */
  seeds: [RedisAddress, ...RedisAddress[]];
  /** What signs in to each of them, and whether by TLS. */
  options: Pick<RedisOptions, 'username' | 'password' | 'tls'>;
}

const DEFAULT_PORT = 6379;

/**
 * Parses `REDIS_URL`: one URL, or several of one cluster, separated by commas. The first one's user, password and scheme (`rediss:`
 * is TLS) are used for all servers.
 *
 * @throws if it is not a list of such URLs. The error does not repeat the URL, which may contain a password.
 */
export function parseRedisUrl(text: string): RedisTarget {
  const [first, ...others] = text.split(',').map(parseOne);
  if (!first) throw new Error('There is no URL');
  const { username, password, protocol } = first;
  return {
    seeds: [addressOf(first), ...others.map(addressOf)],
    options: {
      ...(username !== '' && { username: decodeURIComponent(username) }),
      ...(password !== '' && { password: decodeURIComponent(password) }),
      ...(protocol === 'rediss:' && { tls: {} }),
    },
  };
}

function parseOne(text: string): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (!url?.hostname || !/^rediss?:$/.test(url.protocol)) {
    throw new Error('must be redis:// or rediss:// URLs, separated by commas');
  }
  return url;
}

const addressOf = ({ hostname, port }: URL): RedisAddress => ({
  // IPv6 addresses are in brackets.
  host: hostname.replace(/^\[|\]$/g, ''),
  port: port === '' ? DEFAULT_PORT : Number(port),
});
