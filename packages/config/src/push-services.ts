/** Browsers' push services: of Chrome, Firefox, Safari and Edge. A name with a leading dot means all hosts below it. */
const SERVICES = ['fcm.googleapis.com', '.push.services.mozilla.com', '.push.apple.com', '.notify.windows.com'];

const isService = (hostname: string) =>
  SERVICES.some((service) => (service.startsWith('.') ? hostname.endsWith(service) : hostname === service));

const ENDPOINT_MAX_CHARS = 1_000;

/**
 * Whether a URL is an endpoint of a known push service: nothing else may be called on behalf of a person. No other port than that of
 * HTTPS, no address, no credentials.
 *
 * @param origins - further ones, such as `http://127.0.0.1:4000`: for tests
 */
export function isPushEndpoint(endpoint: string, origins: readonly string[] = []): boolean {
  if (endpoint.length > ENDPOINT_MAX_CHARS || !URL.canParse(endpoint)) return false;
  const { protocol, hostname, port, username, password, origin, href } = new URL(endpoint);
  // Another spelling would be another device.
  if (username || password || href !== endpoint) return false;
  if (origins.includes(origin)) return true;
  return protocol === 'https:' && port === '' && isService(hostname);
}

/** The origins of `PUSH_SERVICES`, separated by commas. */
export function parsePushServices(variable = ''): string[] {
  return variable
    .split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '');
}
