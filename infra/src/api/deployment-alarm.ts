import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmBehavior, type FargateService } from 'aws-cdk-lib/aws-ecs';
import { HttpCodeTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { LoadBalancer } from './load-balancer.ts';

/**
 * Makes ECS roll a deployment back whose requests fail: the circuit breaker only knows tasks that do not start. ECS reads the alarm
 * while it deploys and for some time after. Next to the service, because those of `CruddurWatch` do not exist in the first deployment
 * and depend on this stack. It notifies no one.
 */
export function rollBackOnErrors(service: FargateService, { targets }: LoadBalancer): void {
  const period = { period: Duration.minutes(1), statistic: 'Sum' };
  const alarm = new Alarm(service.stack, 'DeploymentErrors', {
    alarmDescription: 'More than 2 % of requests fail: a deployment that is under way is rolled back.',
    metric: new MathExpression({
      // A handful of failures is not the release's.
      expression: 'IF(failed > 10, 100 * failed / requests, 0)',
      usingMetrics: {
        failed: targets.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, period),
        requests: targets.metrics.requestCount(period),
      },
      period: period.period,
    }),
    threshold: 2,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 2,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  service.enableDeploymentAlarms([alarm.alarmName], { behavior: AlarmBehavior.ROLLBACK_ON_ALARM });
  service.node.addDependency(alarm);
}
