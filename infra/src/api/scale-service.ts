import { Duration } from 'aws-cdk-lib';
import { CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { FargateService, ScalableTaskCount } from 'aws-cdk-lib/aws-ecs';
import { isStandby } from '../regions.ts';
import type { Settings } from '../settings.ts';
import type { LoadBalancer } from './load-balancer.ts';

/** Target CPU of a task: low, because Node has one thread. */
const CPU_PERCENT = 55;
/** Target per task: 200 a second. Half a core answered 300 to 700 in the benchmarks. */
const REQUESTS_PER_MINUTE = 12_000;

/** Scaling in is slow, because the streams of a stopped task reconnect to the others all at once. */
const COOLDOWNS = { scaleOutCooldown: Duration.seconds(60), scaleInCooldown: Duration.minutes(10) };

/** Whichever target needs the most tasks wins. */
export function scaleService(service: FargateService, loadBalancer: LoadBalancer, settings: Settings): void {
  const [minCapacity, maxCapacity] = isStandby(settings) ? [0, 0] : [settings.apiTasksMin, settings.apiTasksMax];
  const count = service.autoScaleTaskCount({ minCapacity, maxCapacity });
  count.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: CPU_PERCENT, ...COOLDOWNS });
  count.scaleOnRequestCount('Requests', {
    requestsPerTarget: REQUESTS_PER_MINUTE,
    targetGroup: loadBalancer.targets,
    ...COOLDOWNS,
  });
  scaleOnConnections(count, service, loadBalancer, settings.apiStreams);
}

/** Scales by open streams per task. The balancer counts each stream twice: CloudFront's connection and the task's. */
function scaleOnConnections(
  count: ScalableTaskCount,
  service: FargateService,
  { balancer, targets }: LoadBalancer,
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
          { id: 'streams', expression: 'connections / 2 / tasks', label: 'streams per task', returnData: true },
        ],
      },
    },
  });
  policy.node.addDependency(count.node.findChild('Target'));
}
