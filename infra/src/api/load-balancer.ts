import { Duration } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { type IVpc, Peer, Port, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  type ApplicationTargetGroup,
  DesyncMitigationMode,
  SslPolicy,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { accept } from '../accept.ts';
import { API_PORT } from './api-tasks.ts';

/**
 * The way from CloudFront to the tasks: in private subnets, with no address on the internet. CloudFront comes in as a VPC
 * origin, so nobody can go past it, and speaks TLS under the page's own domain, for which the certificate is.
 */
export class LoadBalancer extends Construct {
  readonly balancer: ApplicationLoadBalancer;
  readonly targets: ApplicationTargetGroup;

  constructor(
    scope: Construct,
    id: string,
    props: { vpc: IVpc; service: FargateService; certificateArn: string; cloudFrontPrefixList: string },
  ) {
    super(scope, id);
    const { vpc, service } = props;
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'CloudFront alone may come in',
      allowAllOutbound: false,
    });
    securityGroup.addIngressRule(Peer.prefixList(props.cloudFrontPrefixList), Port.tcp(443), 'CloudFront');
    this.balancer = new ApplicationLoadBalancer(this, 'Balancer', {
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      internetFacing: false,
      securityGroup,
      // Above the streams' ping of 10 s, below the 72 s that the server keeps an idle connection.
      idleTimeout: Duration.seconds(60),
      dropInvalidHeaderFields: true,
      desyncMitigationMode: DesyncMitigationMode.STRICTEST,
      deletionProtection: true,
    });
    accept(this.balancer, {
      ELB2: "The balancer's log would keep each request's query, and there what somebody reads and searches for; the server's and CloudFront's leave it out.",
    });
    const listener = new ApplicationListener(this, 'Https', {
      loadBalancer: this.balancer,
      port: 443,
      open: false,
      certificates: [Certificate.fromCertificateArn(this, 'Certificate', props.certificateArn)],
      sslPolicy: SslPolicy.RECOMMENDED_TLS,
    });
    this.targets = listener.addTargets('Server', {
      port: API_PORT,
      protocol: ApplicationProtocol.HTTP,
      targets: [service],
      // Whether the process lives, not whether it is ready: with PostgreSQL away, every task would be replaced by one
      // that is no readier, and that has forgotten the people whom the old one could still serve.
      healthCheck: {
        path: '/healthz',
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
      // Requests under way end by themselves within this; streams are ended by the server, and the page reconnects.
      deregistrationDelay: Duration.seconds(20),
    });
  }
}
