import { Stack, type StackProps } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { createLogGroup } from '../log-group.ts';
import type { Settings } from '../settings.ts';

/**
 * A VPC in two zones with private subnets for the tasks and isolated ones for the database. Egress is a NAT gateway per
 * zone, not interface endpoints: according to AWS, Cognito's endpoint does not serve the signing keys, and the six
 * endpoints that the tasks would need cost more. The large traffic, to DynamoDB and to S3 for image layers, uses gateway
 * endpoints, which are free.
 */
export class NetworkStack extends Stack {
  readonly vpc: Vpc;

  constructor(scope: Construct, id: string, props: StackProps & { settings: Settings }) {
    super(scope, id, props);
    const { settings } = props;
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.42.0.0/16'),
      maxAzs: 2,
      natGateways: 2,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
        { name: 'private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
        { name: 'database', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
      ],
      flowLogs: {
        all: {
          trafficType: FlowLogTrafficType.ALL,
          destination: FlowLogDestination.toCloudWatchLogs(createLogGroup(this, 'FlowLogs', settings)),
        },
      },
    });
    const subnets = [{ subnetType: SubnetType.PRIVATE_WITH_EGRESS }];
    const dynamodb = this.vpc.addGatewayEndpoint('DynamoDb', {
      service: GatewayVpcEndpointAwsService.DYNAMODB,
      subnets,
    });
    // The prefix: a restored table is served by its own name (docs/recovery.md).
    const tables = this.formatArn({ service: 'dynamodb', resource: 'table', resourceName: `${settings.tableName}*` });
    dynamodb.addToPolicy(
      new PolicyStatement({
        principals: [new AnyPrincipal()],
        actions: ['dynamodb:*'],
        resources: [tables, `${tables}/index/*`],
      }),
    );
    this.vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3, subnets });
  }
}
