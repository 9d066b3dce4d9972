const TWO_YEARS_S = 63_072_000;

/** Hash of Radix's style element for open dialogs. Its text is constant, because our page has no margin and no scroll bar. */
const RADIX_SCROLL_LOCK = "'sha256-nzTgYzXYDNe6BAHiiI7NNlfK8n/auuOAhh2t92YvuXo='";

/** The page's only Trusted Types policy: it names the service worker (`register-worker.ts`). */
const WORKER_POLICY = 'cruddur-worker';

/** Allows only what the page needs. React sets styles through DOM properties, which CSP does not restrict. */
export function contentSecurityPolicy({ cognitoOrigins }: { cognitoOrigins: readonly string[] }): string {
  const directives: Record<string, readonly string[]> = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'", RADIX_SCROLL_LOCK],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'"],
    'manifest-src': ["'self'"],
    'worker-src': ["'self'"],
    'connect-src': ["'self'", ...cognitoOrigins],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
    'object-src': ["'none'"],
    'require-trusted-types-for': ["'script'"],
    'trusted-types': [WORKER_POLICY],
  };
  return Object.entries(directives)
    .map(([name, values]) => [name, ...values].join(' '))
    .join('; ');
}

/** The security headers of every response, by name. `https` is false only for `http://localhost`. */
export function securityHeaders(options: {
  cognitoOrigins: readonly string[];
  https: boolean;
}): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(options),
    ...(options.https && { 'Strict-Transport-Security': `max-age=${TWO_YEARS_S}; includeSubDomains` }),
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
