import { fileURLToPath } from 'node:url';
import { LAMBDA_ALIAS, nodeBundle, PRODUCTION_NODE_MAJOR } from '@cruddur/config/esbuild';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  LoggingFormat,
  Runtime,
  RuntimeFamily,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction, type NodejsFunctionProps, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import { createLogGroup } from './log-group.ts';
import { suppressNag } from './nag.ts';
import type { Settings } from './settings.ts';

const ROOT_DIR = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Creates a Lambda function, with a separate role and log group, which is traced only if telemetry goes to AWS.
 *
 * @param props.entry - its file, relative to the repository
 * @param props.files - absolute paths of files that are added next to its code
 */
export function createNodeLambda(
  scope: Construct,
  id: string,
  {
    entry,
    settings,
    files = [],
    ...props
  }: NodejsFunctionProps & { entry: string; settings: Settings; files?: string[] },
): { lambda: NodejsFunction; role: Role } {
  const isTraced = settings.telemetry === 'aws';
  const logGroup = createLogGroup(scope, 'Logs', settings);
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grantWrite(role);
  const lambda = new NodejsFunction(scope, id, {
    entry: `${ROOT_DIR}${entry}`,
    projectRoot: ROOT_DIR,
    depsLockFilePath: `${ROOT_DIR}package-lock.json`,
    bundling: {
      format: OutputFormat.ESM,
      target: nodeBundle.target,
      minify: nodeBundle.minify,
      sourceMap: nodeBundle.sourcemap,
      sourcesContent: nodeBundle.sourcesContent,
      mainFields: nodeBundle.mainFields,
      banner: nodeBundle.banner.js,
      // The SDK version of the lock file, not the runtime's.
      externalModules: [],
      esbuildArgs: { '--alias': Object.entries(LAMBDA_ALIAS).map((pair) => pair.join('=')) },
      logLevel: LogLevel.ERROR,
      commandHooks: {
        beforeInstall: () => [],
        beforeBundling: () => [],
        afterBundling: (_, outputDir) => files.map((file) => `cp '${file}' '${outputDir}'`),
      },
    },
    runtime: new Runtime(`nodejs${PRODUCTION_NODE_MAJOR}.x`, RuntimeFamily.NODEJS),
    architecture: Architecture.ARM_64,
    role,
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    // Without START, END and REPORT: three lines for each invocation, which metrics have as well.
    systemLogLevelV2: SystemLogLevel.WARN,
    // Lines without a level count as INFO: higher, it would drop the metrics that are logged.
    applicationLogLevelV2: ApplicationLogLevel.INFO,
    ...(isTraced && { tracing: Tracing.ACTIVE }),
    ...props,
  });
  if (isTraced) suppressNag(role, { 'IAM5[Resource::*]': 'Tracing does not support resources.' });
  return { lambda, role };
}
