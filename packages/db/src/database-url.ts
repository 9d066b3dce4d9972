/**
 * Parses `postgresql://user:password@host:port/database`.
 *
 * @returns `server`: `host:port`; `maintenanceUrl`: the `postgres` database of the same server, from which others are
 *   created and dropped
 * @throws {TypeError} if it has no database
 */
export function parseDatabaseUrl(url: string) {
  const { pathname, hostname, port } = new URL(url);
  const name = decodeURIComponent(pathname.slice(1));
  if (name === '') throw new TypeError('The database URL names no database');
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  return { name, server: `${hostname}:${port === '' ? 5432 : port}`, maintenanceUrl: maintenance.href };
}
