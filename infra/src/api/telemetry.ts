import type { Stack } from 'aws-cdk-lib';
import { type ISecurityGroup, Peer, Port } from 'aws-cdk-lib/aws-ec2';
import { type ContainerDefinitionOptions, ContainerImage, Secret } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Secret as StoredSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/** AWS's distribution of OpenTelemetry's collector. Renovate updates it. */
const COLLECTOR_IMAGE = 'public.ecr.aws/aws-observability/aws-otel-collector:v0.48.0';

/** What the collector takes of its task, on top of the server's memory. */
export const COLLECTOR_SIZE = { cpu: 128, memoryLimitMiB: 512 };

/** One request in twenty is traced: X-Ray charges for each trace. */
const TRACED = '0.05';

/** Only containers of the same task reach it. */
const COLLECTOR_ADDRESS = '127.0.0.1:4318';

/** The variables and secrets by which the server exports its telemetry; both are empty without it. */
export function serverTelemetry(
  scope: Construct,
  { telemetry, otlpEndpoint, otlpHeadersSecretArn: headersArn }: Settings,
): { environment: Record<string, string>; secrets: Record<string, Secret> } {
  if (telemetry === 'aws') {
    const environment = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${COLLECTOR_ADDRESS}`,
      // CloudWatch adds up what it receives.
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: TRACED,
    };
    return { environment, secrets: {} };
  }
  const headers = headersArn && StoredSecret.fromSecretCompleteArn(scope, 'OtlpHeaders', headersArn);
  return {
    environment: otlpEndpoint === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint },
    secrets: headers ? { OTEL_EXPORTER_OTLP_HEADERS: Secret.fromSecretsManager(headers) } : {},
  };
}

/** The container that passes the server's telemetry on to X-Ray and CloudWatch. The server lives on without it. */
export function collectorContainer(stack: Stack, metrics: ILogGroup) {
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint: COLLECTOR_ADDRESS } } } },
    processors: { memory_limiter: { check_interval: '1s', limit_mib: 400, spike_limit_mib: 100 }, batch: {} },
    exporters: {
      awsxray: { region: stack.region },
      awsemf: {
        region: stack.region,
        namespace: 'CruddurMessages/Server',
        log_group_name: metrics.logGroupName,
        log_stream_name: 'server',
        // Otherwise each metric is written, and paid for, in several combinations of its labels.
        dimension_rollup_option: 'NoDimensionRollup',
      },
    },
    service: {
      pipelines: Object.fromEntries(
        [
          ['traces', 'awsxray'],
          ['metrics', 'awsemf'],
        ].map(([signal, exporter]) => [
          signal,
          { receivers: ['otlp'], processors: ['memory_limiter', 'batch'], exporters: [exporter] },
        ]),
      ),
      telemetry: { logs: { level: 'warn' } },
    },
  };
  return {
    image: ContainerImage.fromRegistry(COLLECTOR_IMAGE),
    ...COLLECTOR_SIZE,
    essential: false,
    enableRestartPolicy: true,
    // JSON is YAML.
    environment: { AOT_CONFIG_CONTENT: stack.toJsonString(config) },
  } satisfies Partial<ContainerDefinitionOptions>;
}

/** What the collector does with the task's role. Metrics are written through the log group. */
export function collectorStatement(): PolicyStatement {
  return new PolicyStatement({ actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], resources: ['*'] });
}

/** Lets the server reach an endpoint whose port is not that of AWS. */
export function allowTelemetry([group]: ISecurityGroup[], { otlpEndpoint }: Settings): void {
  const { port } = new URL(otlpEndpoint ?? 'https://none');
  if (port !== '') group?.addEgressRule(Peer.anyIpv4(), Port.tcp(Number(port)), 'Telemetry');
}
