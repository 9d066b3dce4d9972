/** The parts of a database's URL. */
export interface DatabaseLocation {
  name: string;
  /** `host:port`. */
  server: string;
  /** The `postgres` database of the same server, from which others are created and dropped. */
  maintenanceUrl: string;
}

/**
 * Parses `postgresql://user:password@host:port/database`.
 *
 * @throws {TypeError} if it has no database
 */
export function parseDatabaseUrl(url: string): DatabaseLocation {
  const { pathname, hostname, port } = new URL(url);
  const name = decodeURIComponent(pathname.slice(1));
  if (name === '') throw new TypeError('The database URL names no database');
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  return { name, server: `${hostname}:${port === '' ? 5432 : port}`, maintenanceUrl: maintenance.href };
}
