import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { securityHeaders } from '@cruddur/config/security-headers';
import { describe, expect, it } from 'vitest';
import { synthesise } from './support/deployment.ts';

interface Behavior {
  PathPattern?: string;
  TargetOriginId: string;
  AllowedMethods?: string[];
  Compress: boolean;
  CachePolicyId: unknown;
  OriginRequestPolicyId?: unknown;
  ResponseHeadersPolicyId: { Ref: string };
  ViewerProtocolPolicy: string;
  FunctionAssociations?: { EventType: string }[];
}

interface HeadersConfig {
  SecurityHeadersConfig: Record<string, Record<string, unknown>>;
  CustomHeadersConfig: { Items: { Header: string; Value: unknown }[] };
}

// AWS's own policies, by their ids.
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const CACHING_OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';
const ALL_VIEWER = '216adef6-5c7f-47e4-b989-5492eafa07d3';

const REGION = 'ca-central-1';
const deployment = synthesise({ region: REGION });
const { DistributionConfig: distribution } = deployment.only('web', 'AWS::CloudFront::Distribution').Properties as {
  DistributionConfig: {
    Aliases: unknown;
    DefaultCacheBehavior: Behavior;
    CacheBehaviors: Behavior[];
    Origins: Record<string, unknown>[];
    ViewerCertificate: unknown;
    CustomErrorResponses?: unknown;
    WebACLId: unknown;
  };
};
const page = distribution.DefaultCacheBehavior;
const behaviorOf = (pattern: string) => {
  const behavior = distribution.CacheBehaviors.find(({ PathPattern }) => PathPattern === pattern);
  if (!behavior) throw new Error(`nothing for ${pattern}`);
  return behavior;
};
const originOf = ({ TargetOriginId }: Behavior) => distribution.Origins.find(({ Id }) => Id === TargetOriginId);

/** The headers that a behaviour adds, as the browser receives them. */
function headersOf(behavior: Behavior): Record<string, unknown> {
  const policies = deployment.all('web', 'AWS::CloudFront::ResponseHeadersPolicy');
  const config = policies.find(([id]) => id === behavior.ResponseHeadersPolicyId.Ref)?.[1].Properties
    .ResponseHeadersPolicyConfig as HeadersConfig;
  const own = config.SecurityHeadersConfig;
  const transport = own.StrictTransportSecurity;
  return {
    ...Object.fromEntries(config.CustomHeadersConfig.Items.map(({ Header, Value }) => [Header, Value])),
    'Content-Security-Policy': own.ContentSecurityPolicy?.ContentSecurityPolicy,
    'Strict-Transport-Security': `max-age=${String(transport?.AccessControlMaxAgeSec)}${transport?.IncludeSubdomains ? '; includeSubDomains' : ''}`,
    'X-Content-Type-Options': own.ContentTypeOptions?.Override === true ? 'nosniff' : undefined,
    'X-Frame-Options': own.FrameOptions?.FrameOption,
    'Referrer-Policy': own.ReferrerPolicy?.ReferrerPolicy,
  };
}

/** A template's text, with AWS's domain where CloudFormation puts it. */
const spoken = (value: unknown): unknown => {
  const join = (value as { 'Fn::Join'?: [string, (string | object)[]] })['Fn::Join'];
  return join ? join[1].map((part) => (typeof part === 'string' ? part : 'amazonaws.com')).join('') : value;
};

describe('the page', () => {
  it('comes from a bucket that only CloudFront may read', () => {
    expect(originOf(page)).toMatchObject({ OriginAccessControlId: expect.anything() });
    const bucket = deployment.only('web', 'AWS::S3::Bucket');
    expect(bucket.Properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const policy = JSON.stringify(deployment.only('web', 'AWS::S3::BucketPolicy').Properties);
    expect(policy).toContain('"Service":"cloudfront.amazonaws.com"');
    expect(policy).toContain('AWS:SourceArn');
  });

  it('requires TLS 1.2 or newer, on the domain', () => {
    expect(distribution.Aliases).toEqual([{ Ref: 'DomainName' }]);
    expect(distribution.ViewerCertificate).toMatchObject({ MinimumProtocolVersion: 'TLSv1.2_2021' });
    for (const behavior of [page, ...distribution.CacheBehaviors]) {
      expect(behavior.ViewerProtocolPolicy).toMatch(/redirect-to-https|https-only/);
    }
  });

  it('has the headers of @cruddur/config, as have its files and the API', () => {
    const expected = securityHeaders({ cognitoOrigins: [`https://cognito-idp.${REGION}.amazonaws.com`], https: true });
    for (const behavior of [page, ...distribution.CacheBehaviors]) {
      const { 'Content-Security-Policy': policy, ...others } = headersOf(behavior);
      expect({ ...others, 'Content-Security-Policy': spoken(policy) }).toMatchObject(expected);
    }
  });

  it('is revalidated each time, while for files with a hash the object says how long it is kept, and a 404 nothing', () => {
    expect(headersOf(page)['Cache-Control']).toBe('no-cache');
    expect(headersOf(behaviorOf('/assets/*'))).not.toHaveProperty('Cache-Control');
    expect(behaviorOf('/assets/*').CachePolicyId).toBe(CACHING_OPTIMIZED);
    const { CachePolicyConfig } = deployment.only('web', 'AWS::CloudFront::CachePolicy').Properties;
    expect(CachePolicyConfig).toMatchObject({ MaxTTL: 60, DefaultTTL: 60, MinTTL: 0 });
  });

  it('has an optional firewall', () => {
    expect(distribution.WebACLId).toMatchObject({ 'Fn::If': ['HasWebAcl', { Ref: 'WebAclArn' }, expect.anything()] });
  });
});

describe('the fallback to the page', () => {
  const code = readFileSync(new URL('../src/web/spa-fallback.js', import.meta.url), 'utf8');
  const uriFor = (uri: string) => runInNewContext(`${code}; handler({ request: { uri } }).uri`, { uri }) as string;

  it.each(['/', '/signin', '/messages', '/messages/5ae290ed-55d1-47a0-bc6d-fe2bc2700399', '/messages/new/j.doe'])(
    'returns the page for %s',
    (uri) => expect(uriFor(uri)).toBe('/index.html'),
  );

  it.each([
    '/index.html',
    '/early.js',
    '/config.js',
    '/service-worker.js',
    '/manifest.json',
    '/icon-192.png',
    '/absent.png',
  ])('leaves %s as it is', (uri) => expect(uriFor(uri)).toBe(uri));

  it('applies only to the page, not to the API', () => {
    expect(page.FunctionAssociations).toMatchObject([{ EventType: 'viewer-request' }]);
    for (const behavior of distribution.CacheBehaviors) expect(behavior).not.toHaveProperty('FunctionAssociations');
    expect(distribution).not.toHaveProperty('CustomErrorResponses');
  });
});

describe('the API behind the page', () => {
  const api = behaviorOf('/trpc/*');

  it('receives every header and method', () => {
    expect(api.OriginRequestPolicyId).toBe(ALL_VIEWER);
    expect(api.AllowedMethods).toEqual(expect.arrayContaining(['GET', 'POST', 'OPTIONS']));
  });

  it('is not cached, and so not compressed', () => {
    expect(api.CachePolicyId).toBe(CACHING_DISABLED);
    expect(headersOf(api)).not.toHaveProperty('Cache-Control');
  });

  it('is reached by TLS inside the network, with a time-out above the ping interval', () => {
    expect(originOf(api)).toMatchObject({ VpcOriginConfig: { OriginReadTimeout: 60, OriginKeepaliveTimeout: 30 } });
    const { VpcOriginEndpointConfig } = deployment.only('web', 'AWS::CloudFront::VpcOrigin').Properties;
    expect(VpcOriginEndpointConfig).toMatchObject({
      OriginProtocolPolicy: 'https-only',
      OriginSSLProtocols: ['TLSv1.2'],
    });
  });
});

describe("CloudFront's log", () => {
  it('contains neither queries nor anything that identifies a person', () => {
    const { RecordFields } = deployment.only('edge', 'AWS::Logs::Delivery').Properties as { RecordFields: string[] };
    expect(RecordFields).toContain('sc-status');
    expect(RecordFields.join(' ')).not.toMatch(/query|cookie|c-ip|x-forwarded-for|user-agent|referer|c-country|asn/i);
  });
});
