import { Duration } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
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
import { suppressNag } from '../nag.ts';
import { API_PORT } from './api-tasks.ts';

/**
 * The load balancer between CloudFront and the tasks, in private subnets without a public address. CloudFront connects
 * as a VPC origin, so no request can bypass it, and uses TLS with the page's domain.
 */
export class LoadBalancer extends Construct {
  readonly balancer: ApplicationLoadBalancer;
  readonly targets: ApplicationTargetGroup;

  constructor(
    scope: Construct,
    id: string,
    props: { vpc: IVpc; service: FargateService; certificate: ICertificate; cloudFrontPrefixList: string },
  ) {
    super(scope, id);
    const { vpc, service } = props;
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      // Changing it would replace the group.
      description: 'CloudFront alone may come in',
      allowAllOutbound: false,
    });
    securityGroup.addIngressRule(Peer.prefixList(props.cloudFrontPrefixList), Port.tcp(443), 'CloudFront');
    this.balancer = new ApplicationLoadBalancer(this, 'Balancer', {
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      internetFacing: false,
      securityGroup,
      // Above the streams' ping interval of 10 s, below the server's keep-alive time-out of 72 s.
      idleTimeout: Duration.seconds(60),
      dropInvalidHeaderFields: true,
      desyncMitigationMode: DesyncMitigationMode.STRICTEST,
      deletionProtection: true,
    });
    suppressNag(this.balancer, {
      ELB2: "The balancer's log would contain queries, which show what people read and search for; the server's and CloudFront's logs do not.",
    });
    const listener = new ApplicationListener(this, 'Https', {
      loadBalancer: this.balancer,
      port: 443,
      open: false,
      certificates: [props.certificate],
      sslPolicy: SslPolicy.RECOMMENDED_TLS,
    });
    this.targets = listener.addTargets('Server', {
      port: API_PORT,
      protocol: ApplicationProtocol.HTTP,
      targets: [service],
      // Liveness: while PostgreSQL is down, replacing tasks would only empty the caches that still serve known people.
      healthCheck: {
        path: '/healthz',
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
      // Running requests finish within this time. The server ends streams, and the page reconnects.
      deregistrationDelay: Duration.seconds(20),
    });
  }
}
