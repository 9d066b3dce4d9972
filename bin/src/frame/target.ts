import type { StackEnv } from '@cruddur/config/env';

/** The services that a command can call. */
export type Service = 'dynamodb' | 'postgres' | 'cognito';

/** An AWS service: the embedded one, another endpoint's, or AWS's own. */
interface AwsTarget {
  region: string;
  /** Undefined: the region's own. */
  endpoint?: string | undefined;
  embedded: boolean;
}

/** Where a command's services are. */
export interface Target {
  prod: boolean;
  tableName: string;
  dynamodb: AwsTarget;
  postgres: { url: string; embedded: boolean };
  cognito: AwsTarget & { userPoolId: string };
  cursorSecret: string;
}

/** The services of the local stack: the embedded ones, or those that the environment names. */
export function localTarget(stack: StackEnv): Target {
  const { region, tableName, dynamodb, postgres, cognito, cursorSecret } = stack;
  return {
    prod: false,
    tableName,
    dynamodb: { region, ...dynamodb },
    postgres,
    cognito: { region, ...cognito },
    cursorSecret,
  };
}

/** The services of AWS, never the embedded ones. */
export function prodTarget(stack: StackEnv, region: string): Target {
  const { tableName, dynamodb, postgres, cognito, cursorSecret } = stack;
  return {
    prod: true,
    tableName,
    dynamodb: { region, endpoint: dynamodb.embedded ? undefined : dynamodb.endpoint, embedded: false },
    postgres,
    cognito: {
      region,
      endpoint: cognito.embedded ? undefined : cognito.endpoint,
      embedded: false,
      userPoolId: cognito.userPoolId,
    },
    cursorSecret,
  };
}
