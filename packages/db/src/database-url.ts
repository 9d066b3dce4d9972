/** Where a database is, in parts. */
export interface DatabaseLocation {
  /** The database's own name. */
  name: string;
  /** `host:port`. */
  server: string;
  /** The same server's database `postgres`, from which others are made and dropped. */
  maintenanceUrl: string;
}

/**
 * Reads `postgresql://user:password@host:port/database`.
 *
 * @throws {TypeError} where it names no database
 */
export function parseDatabaseUrl(url: string): DatabaseLocation {
  const { pathname, hostname, port } = new URL(url);
  const name = decodeURIComponent(pathname.slice(1));
  if (name === '') throw new TypeError('The database URL names no database');
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  return { name, server: `${hostname}:${port === '' ? 5432 : port}`, maintenanceUrl: maintenance.href };
}
