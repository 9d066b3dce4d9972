import { HEALTH_PING } from '@cruddur/config/health-ping';
import { CfnParameter, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnDelivery, CfnDeliveryDestination, CfnDeliverySource } from 'aws-cdk-lib/aws-logs';
import { HealthCheck, HealthCheckType } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { createLogBucket } from '../log-bucket.ts';
import { certificateParameter, domainNameParameter } from '../parameters.ts';
import { isReplicaRegion } from '../regions.ts';
import type { Settings } from '../settings.ts';
import { certificateAlarm } from '../watch/account-alarms.ts';
import { type AlarmSpec, MINUTE, SUM } from '../watch/alarm-spec.ts';
import { createAlarms, createAlarmTopic } from '../watch/alarm-topic.ts';

/** Neither the query, which shows what people read and search for, nor anything that identifies a person. */
const LOGGED_FIELDS = [
  'date',
  'time',
  'x-edge-location',
  'x-edge-request-id',
  'cs-method',
  'cs-uri-stem',
  'sc-status',
  'sc-bytes',
  'cs-bytes',
  'time-taken',
  'time-to-first-byte',
  'x-edge-result-type',
  'x-edge-detailed-result-type',
  'cs-protocol-version',
  'ssl-protocol',
  'ssl-cipher',
];

/**
 * What AWS has only in us-east-1: CloudFront's request log, its metrics, the check of the public address, and their alarms. The
 * stack is still called CruddurEdgeLog: another name would create a second stack, whose log has a name that is taken.
 */
export class EdgeStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & { settings: Settings }) {
    super(scope, id, props);
    const distributionId = new CfnParameter(this, 'DistributionId', {
      description: 'Output of CruddurWeb',
      allowedPattern: '^E[A-Z0-9]+$',
    }).valueAsString;
    const { settings } = props;
    // The stacks of both regions are in us-east-1.
    const suffix = isReplicaRegion(settings) ? '-replica' : '';
    this.logRequests(distributionId, settings.logDays, `cruddur-page${suffix}`);
    const certificate = certificateParameter(this, 'of CloudFront, in us-east-1');
    const alarms = [
      this.publicCheck(domainNameParameter(this)),
      failedRequests(distributionId),
      certificateAlarm('page-certificate', "CloudFront's certificate", certificate.certificateArn),
    ];
    createAlarms(this, createAlarmTopic(this), alarms, settings, suffix);
  }

  private logRequests(distributionId: string, logDays: number, name: string): void {
    const source = new CfnDeliverySource(this, 'Source', {
      name,
      logType: 'ACCESS_LOGS',
      resourceArn: `arn:${this.partition}:cloudfront::${this.account}:distribution/${distributionId}`,
    });
    const bucket = createLogBucket(this, 'Log', { logDays, source: 'delivery-source:*' });
    const destination = new CfnDeliveryDestination(this, 'Destination', {
      name,
      destinationResourceArn: bucket.bucketArn,
      outputFormat: 'json',
    });
    if (bucket.policy) destination.node.addDependency(bucket.policy);
    const delivery = new CfnDelivery(this, 'Delivery', {
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.attrArn,
      recordFields: LOGGED_FIELDS,
      s3SuffixPath: '{yyyy}/{MM}/{dd}/{HH}',
    });
    delivery.addResourceDependency(source);
  }

  /**
   * Requests the API as people do: by its domain, through CloudFront. A request that does not reach the balancer appears in no
   * other metric.
   */
  private publicCheck(domainName: string): AlarmSpec {
    const { healthCheckId } = new HealthCheck(this, 'PublicCheck', {
      type: HealthCheckType.HTTPS_STR_MATCH,
      fqdn: domainName,
      resourcePath: HEALTH_PING.path,
      searchString: HEALTH_PING.answer,
      enableSNI: true,
      requestInterval: Duration.seconds(30),
      failureThreshold: 3,
    });
    return {
      name: 'public-check',
      description: 'The API does not answer under its public address.',
      metric: new Metric({
        namespace: 'AWS/Route53',
        metricName: 'HealthCheckStatus',
        dimensionsMap: { HealthCheckId: healthCheckId },
        ...MINUTE,
        statistic: 'Minimum',
      }),
      threshold: { below: 1, periods: 2 },
      alarmsOnMissingData: true,
    };
  }
}

/** Counted by CloudFront, so that requests that reach no task are included. One failure in a handful would already be 5 %. */
function failedRequests(distributionId: string): AlarmSpec {
  const dimensionsMap = { DistributionId: distributionId, Region: 'Global' };
  const metric = (metricName: string, options: typeof MINUTE | typeof SUM) =>
    new Metric({ namespace: 'AWS/CloudFront', metricName, dimensionsMap, ...options });
  return {
    name: 'page-5xx',
    description: 'More than 5 % of requests fail at CloudFront.',
    metric: new MathExpression({
      expression: 'IF(FILL(requests, 0) >= 20, FILL(percent, 0), 0)',
      usingMetrics: { requests: metric('Requests', SUM), percent: metric('5xxErrorRate', MINUTE) },
      ...MINUTE,
    }),
    threshold: { above: 5, periods: 3 },
  };
}
