export interface SecurityHeaderOptions {
  /** Origins of Cognito, such as `https://cognito-idp.ca-central-1.amazonaws.com`. */
  cognitoOrigins: readonly string[];
  /** Adds Strict-Transport-Security. Not for `http://localhost`. */
  https: boolean;
}

const TWO_YEARS_S = 63_072_000;

/**
 * Hash of Radix's style element that prevents scrolling behind an open dialog. Its text is always the same, because our
 * page has no margin and no scroll bar.
 */
const RADIX_SCROLL_LOCK = "'sha256-nzTgYzXYDNe6BAHiiI7NNlfK8n/auuOAhh2t92YvuXo='";

/**
 * The page's Content-Security-Policy, which only allows what the page needs.
 *
 * - Styles come from files, except one of Radix's. React sets styles through DOM properties, which CSP does not restrict.
 * - Trusted Types: no code of the page assigns strings to HTML or script sinks.
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
 * The security headers of every response, by name, for CloudFront (`infra`), the local production server and the browser
 * tests.
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
