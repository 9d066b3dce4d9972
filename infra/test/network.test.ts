import { describe, expect, it } from 'vitest';
import { synthesise } from './support/deployment.ts';

describe('the network', () => {
  const deployment = synthesise();

  it('has two zones, each with a way out of its own for the private subnets, and none for the database', () => {
    expect(deployment.all('network', 'AWS::EC2::NatGateway')).toHaveLength(2);
    const routes = JSON.stringify(deployment.all('network', 'AWS::EC2::Route').map(([, { Properties }]) => Properties));
    expect(routes.match(/NatGatewayId/g)).toHaveLength(2);
    expect(routes).not.toContain('database');
  });

  it('gives nothing a public address', () => {
    for (const [, { Properties }] of deployment.all('network', 'AWS::EC2::Subnet')) {
      expect(Properties.MapPublicIpOnLaunch).toBe(false);
    }
  });

  it('has a way of its own to DynamoDB, which leads to our table alone', () => {
    const endpoints = deployment.all('network', 'AWS::EC2::VPCEndpoint').map(([, { Properties }]) => Properties);
    expect(endpoints.map(({ VpcEndpointType }) => VpcEndpointType)).toEqual(['Gateway', 'Gateway']);
    const dynamodb = endpoints.find(({ ServiceName }) => JSON.stringify(ServiceName).includes('dynamodb'));
    expect(dynamodb?.RouteTableIds).toHaveLength(2);
    const resources = JSON.stringify(dynamodb?.PolicyDocument);
    expect(resources).toContain(':table/cruddur-messages"');
    expect(resources).not.toContain('"Resource":"*"');
  });

  it('logs what flows', () => {
    expect(deployment.only('network', 'AWS::EC2::FlowLog').Properties.TrafficType).toBe('ALL');
    expect(deployment.only('network', 'AWS::Logs::LogGroup').Properties.RetentionInDays).toBe(90);
  });
});
