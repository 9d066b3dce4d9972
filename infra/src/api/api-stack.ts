import { CfnOutput, CfnParameter, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { type IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  AvailabilityZoneRebalancing,
  Cluster,
  ContainerInsights,
  FargateService,
  PropagatedTagSource,
} from 'aws-cdk-lib/aws-ecs';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { busClientGroups } from '../bus/bus-clients.ts';
import type { BusStack } from '../bus/bus-stack.ts';
import type { DataStack } from '../data/data-stack.ts';
import { createClientGroups } from '../data/database-clients.ts';
import { certificateParameter, domainNameParameter } from '../parameters.ts';
import { isStandby } from '../regions.ts';
import type { Settings } from '../settings.ts';
import { ApiTasks } from './api-tasks.ts';
import { rollBackOnErrors } from './deployment-alarm.ts';
import { LoadBalancer } from './load-balancer.ts';
import { MigrationStep } from './migration-step.ts';
import { createOperatorTask } from './operator-task.ts';
import { scaleService } from './scale-service.ts';
import { allowTelemetry } from './telemetry.ts';

/** The API: at least two Fargate tasks behind a load balancer that only CloudFront can reach. */
export class ApiStack extends Stack {
  readonly service: FargateService;
  readonly loadBalancer: LoadBalancer;
  readonly certificate: ICertificate;
  readonly serverLogs: LogGroup;

  constructor(
    scope: Construct,
    id: string,
    props: StackProps & { settings: Settings; vpc: IVpc; data: DataStack; bus?: BusStack | undefined },
  ) {
    super(scope, id, props);
    const { settings, vpc, data, bus } = props;
    const domainName = domainNameParameter(this);
    const tasks = new ApiTasks(this, 'Tasks', { data, settings, domainName, bus });
    this.serverLogs = tasks.serverLogs;
    const cluster = new Cluster(this, 'Cluster', { vpc, containerInsightsV2: ContainerInsights.ENABLED });
    const securityGroups = createClientGroups(this, 'ServerGroup', {
      vpc,
      database: data.database,
      description: 'The API',
    });
    this.service = new FargateService(this, 'Service', {
      cluster,
      taskDefinition: tasks.server,
      // Otherwise no desired count: each deployment would undo the scaling.
      desiredCount: isStandby(settings) ? 0 : undefined,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: [...securityGroups, ...busClientGroups(this, bus)],
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.ENABLED,
      // New tasks are healthy before old ones stop; a deployment with failing tasks is rolled back.
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { rollback: true },
      healthCheckGracePeriod: Duration.seconds(30),
      propagateTags: PropagatedTagSource.SERVICE,
      enableECSManagedTags: true,
    });
    this.certificate = certificateParameter(this, 'of the load balancer, in its own region');
    this.loadBalancer = new LoadBalancer(this, 'LoadBalancer', {
      vpc,
      service: this.service,
      certificate: this.certificate,
      cloudFrontPrefixList: this.prefixListParameter(),
    });
    scaleService(this.service, this.loadBalancer, settings);
    rollBackOnErrors(this.service, this.loadBalancer);
    allowTelemetry(securityGroups, settings);
    // The database of a standby is read-only: what the writing region migrates arrives there.
    if (!isStandby(settings)) {
      new MigrationStep(this, 'Migration', {
        settings,
        cluster,
        vpc,
        securityGroups,
        task: tasks.migration,
        imageHash: tasks.imageHash,
        // The balancer too: its deletion is protected, so it would make the rollback of a creation fail.
        before: [this.service, this.loadBalancer.balancer],
      });
    }
    const operator = createOperatorTask(tasks, { settings, data });
    const { subnetIds } = vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_WITH_EGRESS });
    // bin/aws/run reads them.
    for (const [name, value] of Object.entries({
      OperatorTaskDefinitionArn: operator.task.taskDefinitionArn,
      OperatorLogGroupName: operator.logs.logGroupName,
      OperatorSubnetIds: subnetIds.join(','),
      OperatorSecurityGroupIds: securityGroups.map(({ securityGroupId }) => securityGroupId).join(','),
    })) {
      new CfnOutput(this, name, { value });
    }
    new CfnOutput(this, 'ServerLogGroupName', { value: tasks.serverLogs.logGroupName });
    new CfnOutput(this, 'TasksMin', { value: String(settings.apiTasksMin) });
    new CfnOutput(this, 'TasksMax', { value: String(settings.apiTasksMax) });
    new CfnOutput(this, 'ClusterName', { value: cluster.clusterName });
    new CfnOutput(this, 'ServiceName', { value: this.service.serviceName });
    // bin/aws/deploy reads it.
    new CfnOutput(this, 'Bus', { value: settings.bus });
    new CfnOutput(this, 'ServerTaskFamily', { value: tasks.server.family });
  }

  private prefixListParameter(): string {
    return new CfnParameter(this, 'CloudFrontPrefixList', {
      description: "The region's prefix list of CloudFront's addresses, which bin/aws/deploy finds",
      allowedPattern: '^pl-[0-9a-f]+$',
    }).valueAsString;
  }
}
