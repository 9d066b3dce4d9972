import { describe, expect, it } from 'vitest';
import { synthesise } from './support/deployment.ts';

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

  it('has flow logs', () => {
    expect(deployment.only('network', 'AWS::EC2::FlowLog').Properties.TrafficType).toBe('ALL');
    expect(deployment.only('network', 'AWS::Logs::LogGroup').Properties.RetentionInDays).toBe(90);
  });
});
