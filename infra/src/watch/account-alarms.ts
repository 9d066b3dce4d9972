import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type AlarmSpec, MAXIMUM, MINUTE, type MonitoredStacks, SUM } from './alarm-spec.ts';
import { sumOf } from './combine-metrics.ts';

/** Quotas of the account, and what AWS renews by itself: NAT, concurrency, sign-ins, certificate, password. */
export function accountAlarms({ network, data, api }: MonitoredStacks): AlarmSpec[] {
  return [
    {
      name: 'nat-ports',
      description: 'A NAT gateway has no ports left for new connections to AWS or to push services.',
      metric: sumOf(
        network.natGatewayIds.map(
          (NatGatewayId) =>
            new Metric({
              namespace: 'AWS/NATGateway',
              metricName: 'ErrorPortAllocation',
              dimensionsMap: { NatGatewayId },
              ...SUM,
            }),
        ),
      ),
      threshold: { above: 0, periods: 2 },
    },
    {
      name: 'lambda-concurrency',
      description: "The account's Lambdas use 80 % of its concurrency.",
      metric: new MathExpression({
        expression: '100 * claimed / SERVICE_QUOTA(used)',
        usingMetrics: {
          // With what functions have reserved.
          claimed: new Metric({ namespace: 'AWS/Lambda', metricName: 'ClaimedAccountConcurrency', ...MAXIMUM }),
          used: new Metric({
            namespace: 'AWS/Usage',
            metricName: 'ResourceCount',
            dimensionsMap: { Service: 'Lambda', Type: 'Resource', Resource: 'ConcurrentExecutions', Class: 'None' },
            ...MAXIMUM,
          }),
        },
        ...MINUTE,
      }),
      threshold: { above: 80, periods: 5 },
    },
    {
      name: 'sign-in-throttled',
      description: 'Cognito refuses sign-ups, sign-ins or renewed tokens: the account is at its quota.',
      metric: sumOf(
        ['SignUpThrottles', 'SignInThrottles', 'TokenRefreshThrottles'].map(
          (metricName) =>
            new Metric({
              namespace: 'AWS/Cognito',
              metricName,
              dimensionsMap: {
                UserPool: data.userPool.userPoolId,
                UserPoolClient: data.userPoolClient.userPoolClientId,
              },
              ...SUM,
            }),
        ),
      ),
      threshold: { above: 0, periods: 3 },
    },
    certificateAlarm('api-certificate', "The load balancer's certificate", api.certificate.certificateArn),
    ...(data.database.ownerRotationFunction === undefined ? [] : [rotationAlarm(data.database.ownerRotationFunction)]),
  ];
}

function rotationAlarm(FunctionName: string): AlarmSpec {
  return {
    name: 'rotation-failed',
    description: "The rotation of the owner's database password failed.",
    metric: new Metric({
      namespace: 'AWS/Lambda',
      metricName: 'Errors',
      dimensionsMap: { FunctionName },
      period: Duration.hours(1),
      statistic: 'Sum',
    }),
    threshold: { above: 0, periods: 1 },
  };
}

/** ACM renews a certificate 60 days before its end, and counts its days twice a day. */
export function certificateAlarm(name: string, what: string, certificateArn: string): AlarmSpec {
  return {
    name,
    description: `${what} ends in less than 30 days, and has not been renewed.`,
    metric: new Metric({
      namespace: 'AWS/CertificateManager',
      metricName: 'DaysToExpiry',
      dimensionsMap: { CertificateArn: certificateArn },
      period: Duration.days(1),
      statistic: 'Minimum',
    }),
    threshold: { below: 30, periods: 1 },
  };
}
