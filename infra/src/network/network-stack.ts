import { Stack, type StackProps } from 'aws-cdk-lib';
import {
  CfnNatGateway,
  type CfnSubnet,
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { createLogBucket } from '../log-bucket.ts';
import type { Settings } from '../settings.ts';

/** The most zones. Addresses are kept free for those that are not used, so that another one moves no subnet. */
const MAX_ZONES = 3;

/**
 * A VPC in two or three zones with private subnets for the tasks and isolated ones for the database. Egress is a NAT gateway per
 * zone, not interface endpoints: according to AWS, Cognito's endpoint does not serve the signing keys, and the six
 * endpoints that the tasks would need cost more. The large traffic, to DynamoDB and to S3 for image layers, uses gateway
 * endpoints, which are free.
 */
export class NetworkStack extends Stack {
  readonly vpc: Vpc;
  readonly natGatewayIds: string[];
  private readonly zoneIds: string[] | undefined;

  constructor(scope: Construct, id: string, props: StackProps & { settings: Settings }) {
    super(scope, id, props);
    const { settings } = props;
    this.zoneIds = settings.zoneIds;
    const zones = this.zoneIds?.length ?? 2;
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.42.0.0/16'),
      maxAzs: zones,
      reservedAzs: MAX_ZONES - zones,
      natGateways: zones,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
        { name: 'private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
        { name: 'database', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
      ],
    });
    this.placeByZoneId();
    this.natGatewayIds = this.node
      .findAll()
      .filter((construct) => construct instanceof CfnNatGateway)
      .map(({ attrNatGatewayId }) => attrNatGatewayId);
    this.logTraffic(settings);
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

  /** With ids, nothing asks the account for its zones. The VPC only counts what this returns. */
  override get availabilityZones(): string[] {
    return this.zoneIds ?? super.availabilityZones;
  }

  /** A zone's name means another zone in another account; its id does not. */
  private placeByZoneId(): void {
    const { publicSubnets, privateSubnets, isolatedSubnets } = this.vpc;
    for (const subnets of [publicSubnets, privateSubnets, isolatedSubnets]) {
      for (const [index, zoneId] of (this.zoneIds ?? []).entries()) {
        const subnet = subnets[index]?.node.defaultChild as CfnSubnet;
        subnet.availabilityZone = undefined;
        subnet.availabilityZoneId = zoneId;
      }
    }
  }

  /** To a bucket, which costs half of what CloudWatch does: they are read after an incident, and alarm no one. */
  private logTraffic({ logDays }: Settings): void {
    const bucket = createLogBucket(this, 'FlowLog', { logDays, source: '*' });
    const log = this.vpc.addFlowLog('all', {
      trafficType: FlowLogTrafficType.ALL,
      destination: FlowLogDestination.toS3(bucket),
    });
    if (bucket.policy) log.node.addDependency(bucket.policy);
  }
}
