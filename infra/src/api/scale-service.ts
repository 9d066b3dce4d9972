import { Duration } from 'aws-cdk-lib';
import { CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { FargateService, ScalableTaskCount } from 'aws-cdk-lib/aws-ecs';
import type { ApplicationLoadBalancer, ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Settings } from '../settings.ts';

/** Share of a task's processor that is used before there is another task, in percent: Node has one thread. */
const CPU_PERCENT = 55;
/** Requests a minute that one task takes: 200 a second, of the 300 to 700 that it was measured to give on half a core. */
const REQUESTS_PER_MINUTE = 12_000;

/** A task that goes sends its streams to the others at once: going down is slow. */
const COOLDOWNS = { scaleOutCooldown: Duration.seconds(60), scaleInCooldown: Duration.minutes(10) };

/** Follows three measures, whichever asks for the most tasks: processor, requests, and open streams. */
export function scaleService(
  service: FargateService,
  front: { balancer: ApplicationLoadBalancer; targets: ApplicationTargetGroup },
  settings: Settings,
): ScalableTaskCount {
  const count = service.autoScaleTaskCount({ minCapacity: settings.apiTasksMin, maxCapacity: settings.apiTasksMax });
  count.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: CPU_PERCENT, ...COOLDOWNS });
  count.scaleOnRequestCount('Requests', {
    requestsPerTarget: REQUESTS_PER_MINUTE,
    targetGroup: front.targets,
    ...COOLDOWNS,
  });
  scaleOnConnections(count, { service, ...front }, settings.apiStreams);
  return count;
}

/** Open streams a task. The balancer counts each twice: from CloudFront to it, and from it to the task. */
function scaleOnConnections(
  count: ScalableTaskCount,
  {
    service,
    balancer,
    targets,
  }: { service: FargateService; balancer: ApplicationLoadBalancer; targets: ApplicationTargetGroup },
  target: number,
): void {
  const dimensions = [{ name: 'LoadBalancer', value: balancer.loadBalancerFullName }];
  const group = [...dimensions, { name: 'TargetGroup', value: targets.targetGroupFullName }];
  const metric = (id: string, metricName: string, stat: string, ofDimensions: typeof dimensions) => ({
    id,
    metricStat: { metric: { namespace: 'AWS/ApplicationELB', metricName, dimensions: ofDimensions }, stat },
    returnData: false,
  });
  const policy = new CfnScalingPolicy(count, 'Connections', {
    policyName: 'connections-per-task',
    policyType: 'TargetTrackingScaling',
    serviceNamespace: 'ecs',
    scalableDimension: 'ecs:service:DesiredCount',
    resourceId: `service/${service.cluster.clusterName}/${service.serviceName}`,
    targetTrackingScalingPolicyConfiguration: {
      targetValue: target,
      scaleOutCooldown: COOLDOWNS.scaleOutCooldown.toSeconds(),
      scaleInCooldown: COOLDOWNS.scaleInCooldown.toSeconds(),
      customizedMetricSpecification: {
        metrics: [
          metric('connections', 'ActiveConnectionCount', 'Sum', dimensions),
          metric('tasks', 'HealthyHostCount', 'Average', group),
          { id: 'streams', expression: 'connections / 2 / tasks', label: 'streams a task', returnData: true },
        ],
      },
    },
  });
  policy.node.addDependency(count.node.findChild('Target'));
}
