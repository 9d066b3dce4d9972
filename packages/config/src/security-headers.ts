/** What the page may talk to beside its own address. */
export interface SecurityHeaderOptions {
  /** Origins of Cognito, such as `https://cognito-idp.ca-central-1.amazonaws.com`. */
  cognitoOrigins: readonly string[];
  /** Whether the address is HTTPS for good: browsers then remember it. Not for `http://localhost`. */
  https: boolean;
}

const TWO_YEARS_S = 63_072_000;

/**
 * Radix's style element that keeps the page from scrolling behind an open dialog. Its text is the same wherever the page
 * has no margin and no scroll bar of its own, as ours; any other text stays refused.
 */
const RADIX_SCROLL_LOCK = "'sha256-nzTgYzXYDNe6BAHiiI7NNlfK8n/auuOAhh2t92YvuXo='";

/**
 * The Content-Security-Policy that the page is served under: everything is refused but what the page is known to need.
 *
 * - Styles come from files, but for one of Radix's. React sets styles through the DOM's own properties, which no policy concerns.
 * - Trusted Types: no code of the page hands a string to where markup or script is made of it, and none may begin to.
 */
export function contentSecurityPolicy({ cognitoOrigins }: Pick<SecurityHeaderOptions, 'cognitoOrigins'>): string {
  const directives: Record<string, readonly string[]> = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'", RADIX_SCROLL_LOCK],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'"],
    'manifest-src': ["'self'"],
    'connect-src': ["'self'", ...cognitoOrigins],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
    'object-src': ["'none'"],
    'require-trusted-types-for': ["'script'"],
  };
  return Object.entries(directives)
    .map(([name, values]) => [name, ...values].join(' '))
    .join('; ');
}

/**
 * The security headers of every answer, by name. One place for all who serve the page: CloudFront (`infra`), the local
 * production server, and the browser tests.
 */
export function securityHeaders(options: SecurityHeaderOptions): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(options),
    ...(options.https ? { 'Strict-Transport-Security': `max-age=${TWO_YEARS_S}; includeSubDomains` } : {}),
    'X-Content-Type-Options': 'nosniff',
    // For browsers that do not know frame-ancestors.
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Permissions-Policy':
      'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=(), clipboard-read=(), clipboard-write=(self)',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
}
