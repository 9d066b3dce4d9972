import { describe, expect, it } from 'vitest';
import { type Synthesised, synthesise } from './support/deployment.ts';

describe('the network', () => {
  const deployment = synthesise();

  it('has two zones, each with a NAT gateway for the private subnets and no egress for the database', () => {
    expect(deployment.all('network', 'AWS::EC2::NatGateway')).toHaveLength(2);
    const routes = JSON.stringify(deployment.all('network', 'AWS::EC2::Route').map(([, { Properties }]) => Properties));
    expect(routes.match(/NatGatewayId/g)).toHaveLength(2);
    expect(routes).not.toContain('database');
  });

  it('assigns no public address', () => {
    for (const [, { Properties }] of deployment.all('network', 'AWS::EC2::Subnet')) {
      expect(Properties.MapPublicIpOnLaunch).toBe(false);
    }
  });

  it('has an endpoint for DynamoDB that only allows our table, restored ones and their indexes', () => {
    const endpoints = deployment.all('network', 'AWS::EC2::VPCEndpoint').map(([, { Properties }]) => Properties);
    expect(endpoints.map(({ VpcEndpointType }) => VpcEndpointType)).toEqual(['Gateway', 'Gateway']);
    const dynamodb = endpoints.find(({ ServiceName }) => JSON.stringify(ServiceName).includes('dynamodb'));
    expect(dynamodb?.RouteTableIds).toHaveLength(2);
    const resources = JSON.stringify(dynamodb?.PolicyDocument);
    expect(resources).toContain(':table/cruddur-messages*"');
    expect(resources).toContain(':table/cruddur-messages*/index/*"');
    expect(resources).not.toContain('"Resource":"*"');
  });

  it('has flow logs in a bucket that keeps them for as long as other logs', () => {
    const bucket = deployment.idOf('network', 'AWS::S3::Bucket');
    expect(deployment.only('network', 'AWS::EC2::FlowLog').Properties).toMatchObject({
      TrafficType: 'ALL',
      LogDestinationType: 's3',
      LogDestination: { 'Fn::GetAtt': [bucket, 'Arn'] },
    });
    expect(deployment.only('network', 'AWS::S3::Bucket').Properties.LifecycleConfiguration).toMatchObject({
      Rules: [{ ExpirationInDays: 90 }],
    });
  });
});

describe('zones', () => {
  const subnetsOf = (deployment: Synthesised) =>
    deployment.all('network', 'AWS::EC2::Subnet').map(([, { Properties }]) => Properties);
  const place = { region: 'ca-central-1', account: '123456789012' };
  const three = synthesise({ ...place, zoneIds: 'cac1-az1,cac1-az2,cac1-az4' });

  it('are those of the setting, by their ids, each with its NAT gateway', () => {
    const subnets = subnetsOf(three);
    expect(subnets.map(({ AvailabilityZoneId }) => AvailabilityZoneId)).toEqual(
      Array(3).fill(['cac1-az1', 'cac1-az2', 'cac1-az4']).flat(),
    );
    for (const subnet of subnets) expect(subnet).not.toHaveProperty('AvailabilityZone');
    expect(three.all('network', 'AWS::EC2::NatGateway')).toHaveLength(3);
  });

  it('are looked up in no account if their ids are set, so synthesis needs no credentials', () => {
    expect(three.app.synth().manifest.missing).toBeUndefined();
    expect(synthesise(place).app.synth().manifest.missing).toMatchObject([{ provider: 'availability-zones' }]);
  });

  it('leave each subnet its addresses when a third is added', () => {
    const addressesOf = (deployment: Synthesised, zoneId: string) =>
      subnetsOf(deployment)
        .filter(({ AvailabilityZoneId }) => AvailabilityZoneId === zoneId)
        .map(({ CidrBlock }) => CidrBlock);
    const two = synthesise({ ...place, zoneIds: 'cac1-az1,cac1-az2' });
    expect(subnetsOf(two)).toHaveLength(6);
    for (const zoneId of ['cac1-az1', 'cac1-az2']) expect(addressesOf(three, zoneId)).toEqual(addressesOf(two, zoneId));
  });
});
