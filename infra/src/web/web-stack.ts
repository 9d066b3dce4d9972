import { readFileSync } from 'node:fs';
import {
  Aws,
  CfnCondition,
  CfnOutput,
  CfnParameter,
  Duration,
  Fn,
  RemovalPolicy,
  Stack,
  type StackProps,
} from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AccessLevel,
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  type CfnDistribution,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  type IOrigin,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin, VpcOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { accept } from '../accept.ts';
import { certificateParameter, domainNameParameter } from '../parameters.ts';
import { createResponseHeaders } from './response-headers.ts';

/** Page and API under one domain: no request of the page is one to another origin, but for Cognito's. */
export class WebStack extends Stack {
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, props: StackProps & { balancer: IApplicationLoadBalancer }) {
    super(scope, id, props);
    const bucket = this.pageBucket();
    const domainName = domainNameParameter(this);
    const page = S3BucketOrigin.withOriginAccessControl(bucket, {
      // With the right to list, S3 says 404 of a file that is absent, and not 403.
      originAccessLevels: [AccessLevel.READ, AccessLevel.LIST],
    });
    this.distribution = new Distribution(this, 'Distribution', {
      domainNames: [domainName],
      certificate: Certificate.fromCertificateArn(
        this,
        'Certificate',
        certificateParameter(this, 'of CloudFront, in us-east-1'),
      ),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultBehavior: this.pageBehavior(page),
      additionalBehaviors: {
        '/assets/*': this.assetsBehavior(page),
        '/trpc/*': this.apiBehavior(props.balancer),
      },
    });
    this.attachFirewall();
    accept(this.distribution, {
      CFR1: 'People write to each other from everywhere.',
      CFR2: 'A firewall is put on by a parameter where it is worth its price (docs/deployment.md): the API limits each person itself.',
      'Annotation::@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk':
        'A path without a file becomes that of the page before S3 sees it; nobody gets the list.',
      CFR3: 'Logged by CruddurEdgeLog, which leaves addresses and queries out; this older kind of log cannot.',
    });
    new CfnOutput(this, 'PageBucketName', { value: bucket.bucketName });
    new CfnOutput(this, 'DistributionId', { value: this.distribution.distributionId });
    new CfnOutput(this, 'DistributionDomainName', { value: this.distribution.distributionDomainName });
  }

  private pageBucket(): Bucket {
    const bucket = new Bucket(this, 'Page', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // What a deployment overwrote can be had back; files of old pages stay while somebody may have them open.
      versioned: true,
      lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(90) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    accept(bucket, { S1: 'Read by CloudFront alone, which keeps its own log.' });
    return bucket;
  }

  /** The page itself, which names the files of its version: browsers ask each time, CloudFront once a minute. */
  private pageBehavior(origin: IOrigin): BehaviorOptions {
    const minute = Duration.minutes(1);
    return {
      origin,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      compress: true,
      cachePolicy: new CachePolicy(this, 'PageCache', {
        minTtl: Duration.seconds(0),
        defaultTtl: minute,
        maxTtl: minute,
        enableAcceptEncodingBrotli: true,
        enableAcceptEncodingGzip: true,
      }),
      responseHeadersPolicy: createResponseHeaders(this, 'PageHeaders', 'no-cache'),
      functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: this.spaFallback() }],
    };
  }

  /** Files that carry a hash of what is in them: what is known is known for good. */
  private assetsBehavior(origin: IOrigin): BehaviorOptions {
    return {
      origin,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      compress: true,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      responseHeadersPolicy: createResponseHeaders(this, 'AssetHeaders', 'public, max-age=31536000, immutable'),
    };
  }

  /**
   * The API: nothing cached, nothing compressed (that would hold a stream's events back), every header handed on. A
   * stream is silent for 15 s at most, well within the minute that CloudFront waits.
   */
  private apiBehavior(balancer: IApplicationLoadBalancer): BehaviorOptions {
    return {
      origin: VpcOrigin.withApplicationLoadBalancer(balancer, {
        protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
        originSslProtocols: [OriginSslPolicy.TLS_V1_2],
        readTimeout: Duration.seconds(60),
        // Below the minute after which the load balancer closes an idle connection.
        keepaliveTimeout: Duration.seconds(30),
        connectionAttempts: 2,
        connectionTimeout: Duration.seconds(5),
      }),
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      compress: false,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      // With the Host header, against which CloudFront checks the load balancer's certificate.
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER,
      responseHeadersPolicy: createResponseHeaders(this, 'ApiHeaders'),
    };
  }

  private spaFallback(): EdgeFunction {
    return new EdgeFunction(this, 'SpaFallback', {
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(readFileSync(new URL('spa-fallback.js', import.meta.url), 'utf8')),
    });
  }

  /** CloudFront's firewalls are kept in us-east-1, whatever the region: one made there is named by its ARN. */
  private attachFirewall(): void {
    const { valueAsString } = new CfnParameter(this, 'WebAclArn', {
      description: 'ARN of a WAF web ACL of CloudFront; empty for none',
      default: '',
    });
    const given = new CfnCondition(this, 'HasWebAcl', {
      expression: Fn.conditionNot(Fn.conditionEquals(valueAsString, '')),
    });
    const resource = this.distribution.node.defaultChild as CfnDistribution;
    resource.addPropertyOverride(
      'DistributionConfig.WebACLId',
      Fn.conditionIf(given.logicalId, valueAsString, Aws.NO_VALUE),
    );
  }
}
