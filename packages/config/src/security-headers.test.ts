import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy, securityHeaders } from './security-headers.ts';

const cognitoOrigins = ['https://cognito-idp.ca-central-1.amazonaws.com'];

/** A policy's sources by directive. */
function directivesOf(policy: string): Map<string, string[]> {
  return new Map(
    policy.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources];
    }),
  );
}

describe('contentSecurityPolicy', () => {
  const directives = directivesOf(contentSecurityPolicy({ cognitoOrigins }));

  it('blocks everything by default, frames, plug-ins and another base', () => {
    for (const name of ['default-src', 'frame-ancestors', 'object-src', 'base-uri']) {
      expect(directives.get(name), name).toEqual(["'none'"]);
    }
  });

  it('allows scripts and styles from the same origin, and styles by hash', () => {
    expect(directives.get('script-src')).toEqual(["'self'"]);
    const [own, ...others] = directives.get('style-src') ?? [];
    expect(own).toBe("'self'");
    for (const source of others) expect(source).toMatch(/^'sha256-/);
    expect([...directives.values()].flat().join(' ')).not.toMatch(/unsafe|\*|https?:(?!\/\/cognito-idp)/);
  });

  it('allows connections to the same origin and to Cognito', () => {
    expect(directives.get('connect-src')).toEqual(["'self'", ...cognitoOrigins]);
  });

  it("requires Trusted Types, of the service worker's policy only", () => {
    expect(directives.get('require-trusted-types-for')).toEqual(["'script'"]);
    expect(directives.get('trusted-types')).toEqual(['cruddur-worker']);
  });

  it('allows a manifest and a worker from the same origin', () => {
    expect([directives.get('manifest-src'), directives.get('worker-src')]).toEqual([["'self'"], ["'self'"]]);
  });
});

describe('securityHeaders', () => {
  it('sets Strict-Transport-Security only for HTTPS', () => {
    const name = 'Strict-Transport-Security';
    expect(securityHeaders({ cognitoOrigins, https: true })[name]).toMatch(/^max-age=\d{8,}; includeSubDomains/);
    expect(securityHeaders({ cognitoOrigins, https: false })).not.toHaveProperty(name);
  });

  it('prevents referrers, sniffing, framing and embedding', () => {
    expect(securityHeaders({ cognitoOrigins, https: true })).toMatchObject({
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
    });
  });
});
