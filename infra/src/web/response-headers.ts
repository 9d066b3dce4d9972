import { securityHeaders } from '@cruddur/config/security-headers';
import { Aws, Duration, Stack } from 'aws-cdk-lib';
import {
  type HeadersFrameOption,
  type HeadersReferrerPolicy,
  ResponseHeadersPolicy,
  type ResponseSecurityHeadersBehavior,
} from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';

/** Headers that CloudFront only accepts as structured settings, not as custom headers. */
const STRUCTURED_HEADERS = [
  'Content-Security-Policy',
  'Strict-Transport-Security',
  'X-Content-Type-Options',
  'X-Frame-Options',
  'Referrer-Policy',
];

export function createResponseHeaders(scope: Construct, id: string, cacheControl?: string): ResponseHeadersPolicy {
  const headers = securityHeaders({
    cognitoOrigins: [`https://cognito-idp.${Stack.of(scope).region}.${Aws.URL_SUFFIX}`],
    https: true,
  });
  const custom = Object.entries({ ...headers, ...(cacheControl && { 'Cache-Control': cacheControl }) })
    .filter(([name]) => !STRUCTURED_HEADERS.includes(name))
    .map(([header, value]) => ({ header, value, override: true }));
  return new ResponseHeadersPolicy(scope, id, {
    securityHeadersBehavior: structuredHeaders(headers),
    customHeadersBehavior: { customHeaders: custom },
    removeHeaders: ['Server'],
  });
}

function structuredHeaders(headers: Record<string, string>): ResponseSecurityHeadersBehavior {
  const transport = headers['Strict-Transport-Security'] ?? '';
  return {
    contentSecurityPolicy: { contentSecurityPolicy: headers['Content-Security-Policy'] ?? '', override: true },
    strictTransportSecurity: {
      accessControlMaxAge: Duration.seconds(Number(/max-age=(\d+)/.exec(transport)?.[1])),
      includeSubdomains: transport.includes('includeSubDomains'),
      preload: transport.includes('preload'),
      override: true,
    },
    contentTypeOptions: { override: true },
    frameOptions: { frameOption: headers['X-Frame-Options'] as HeadersFrameOption, override: true },
    referrerPolicy: { referrerPolicy: headers['Referrer-Policy'] as HeadersReferrerPolicy, override: true },
  };
}
