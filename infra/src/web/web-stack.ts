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
import { suppressNag } from '../nag.ts';
import { certificateParameter, domainNameParameter } from '../parameters.ts';
import { createResponseHeaders } from './response-headers.ts';

/** Page and API on one domain, so that only requests to Cognito are cross-origin. */
export class WebStack extends Stack {
  readonly distribution: Distribution;

  constructor(
    scope: Construct,
    id: string,
    props: StackProps & { balancer: IApplicationLoadBalancer; isStandby: boolean },
  ) {
    super(scope, id, props);
    const bucket = this.pageBucket();
    const domainName = domainNameParameter(this);
    const page = S3BucketOrigin.withOriginAccessControl(bucket, {
      // With the right to list, S3 answers 404 instead of 403 for a missing file.
      originAccessLevels: [AccessLevel.READ, AccessLevel.LIST],
    });
    this.distribution = new Distribution(this, 'Distribution', {
      // CloudFront gives a domain to one distribution: that of the writing region.
      domainNames: props.isStandby ? undefined : [domainName],
      comment: `Cruddur Messages, ${domainName}`,
      certificate: certificateParameter(this, 'of CloudFront, in us-east-1'),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultBehavior: this.pageBehavior(page),
      additionalBehaviors: {
        '/assets/*': {
          origin: page,
          viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
          compress: true,
          cachePolicy: CachePolicy.CACHING_OPTIMIZED,
          // How long they are kept is a header of each object: a policy would add it to a missing file's 404 as well.
          responseHeadersPolicy: createResponseHeaders(this, 'AssetHeaders'),
        },
        '/trpc/*': this.apiBehavior(props.balancer),
      },
    });
    this.attachFirewall();
    suppressNag(this.distribution, {
      CFR1: 'The service is used worldwide.',
      CFR2: 'A firewall is optional, by a parameter (docs/deployment.md): the API limits each person itself.',
      'Annotation::@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk':
        'spa-fallback.js rewrites paths without a file to the page, so no request reaches the listing.',
      CFR3: 'CruddurEdgeLog logs without addresses and queries; this older kind of log cannot leave them out.',
    });
    // The parameter's construct has this name already.
    new CfnOutput(this, 'DomainNameOutput', { value: domainName }).overrideLogicalId('DomainName');
    new CfnOutput(this, 'PageBucketName', { value: bucket.bucketName });
    new CfnOutput(this, 'DistributionId', { value: this.distribution.distributionId });
    new CfnOutput(this, 'DistributionDomainName', { value: this.distribution.distributionDomainName });
  }

  private pageBucket(): Bucket {
    const bucket = new Bucket(this, 'Page', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // Keeps files that a deployment overwrote: open pages may still load them.
      versioned: true,
      lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(90) }],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    suppressNag(bucket, { S1: 'Only CloudFront reads it, and logs its requests.' });
    return bucket;
  }

  /** The page, which names the files of its version: browsers revalidate each time, CloudFront once a minute. */
  private pageBehavior(origin: IOrigin): BehaviorOptions {
    const minute = Duration.minutes(1);
    const spaFallback = new EdgeFunction(this, 'SpaFallback', {
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(readFileSync(new URL('spa-fallback.js', import.meta.url), 'utf8')),
    });
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
      functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: spaFallback }],
    };
  }

  /**
   * The API: not cached, every header forwarded. CloudFront compresses nothing that it does not cache. A stream pings every 10 s, well
   * within CloudFront's time-out of a minute.
   */
  private apiBehavior(balancer: IApplicationLoadBalancer): BehaviorOptions {
    return {
      origin: VpcOrigin.withApplicationLoadBalancer(balancer, {
        protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
        originSslProtocols: [OriginSslPolicy.TLS_V1_2],
        readTimeout: Duration.seconds(60),
        // Below the load balancer's idle time-out of 60 s.
        keepaliveTimeout: Duration.seconds(30),
        connectionAttempts: 2,
        connectionTimeout: Duration.seconds(5),
      }),
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      // Includes the Host header: CloudFront checks the load balancer's certificate against it.
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER,
      responseHeadersPolicy: createResponseHeaders(this, 'ApiHeaders'),
    };
  }

  /** Web ACLs of CloudFront are in us-east-1, so an existing one is passed by its ARN. */
  private attachFirewall(): void {
    const { valueAsString: arn } = new CfnParameter(this, 'WebAclArn', {
      description: 'ARN of a WAF web ACL for CloudFront; empty for none',
      default: '',
    });
    const hasWebAcl = new CfnCondition(this, 'HasWebAcl', {
      expression: Fn.conditionNot(Fn.conditionEquals(arn, '')),
    });
    const resource = this.distribution.node.defaultChild as CfnDistribution;
    const optionalArn = Fn.conditionIf(hasWebAcl.logicalId, arn, Aws.NO_VALUE);
    resource.addPropertyOverride('DistributionConfig.WebACLId', optionalArn);
  }
}
