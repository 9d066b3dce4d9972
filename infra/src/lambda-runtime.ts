import { PRODUCTION_NODE_MAJOR } from '@cruddur/config/esbuild';
import { Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';

/** The runtime of both Lambdas: the Node version that the bundles are built for. */
export const LAMBDA_RUNTIME = new Runtime(`nodejs${PRODUCTION_NODE_MAJOR}.x`, RuntimeFamily.NODEJS);
