import { Stack, Token } from 'aws-cdk-lib';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { suppressNag } from '../nag.ts';
import { type AuroraDatabase, DATABASE_NAME } from './database.ts';

/** The roles of the API and of the Lambda that keeps the search index. The migration creates them; they sign in by IAM. */
export const DATABASE_ROLES = { api: 'cruddur_api', index: 'cruddur_index' };

type Program = keyof typeof DATABASE_ROLES;

/** The environment of a program that signs in with its own role. It also needs {@link allowSignIn}. */
export function signInEnvironment(
  program: Program,
  { cluster }: AuroraDatabase,
  caFile: string,
): Record<string, string> {
  const { hostname, port } = cluster.clusterEndpoint;
  return {
    DATABASE_AUTH: 'iam',
    DATABASE_USER: DATABASE_ROLES[program],
    DATABASE_HOST: hostname,
    DATABASE_PORT: String(port),
    DATABASE_NAME,
    DATABASE_CA_FILE: caFile,
  };
}

/**
 * Lets a program sign in with its own role, to any cluster of account and region: a restored cluster has another id, of which
 * CloudFormation does not learn. Only clusters with our migration have these roles.
 */
export function allowSignIn(program: Program, role: IRole): void {
  const { partition, region, account } = Stack.of(role);
  const resource = (...parts: [string, string, string]) =>
    `arn:${parts[0]}:rds-db:${parts[1]}:${parts[2]}:dbuser:*/${DATABASE_ROLES[program]}`;
  role.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['rds-db:connect'], resources: [resource(partition, region, account)] }),
  );
  const known = (value: string, name: string) => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
  const named = resource(known(partition, 'Partition'), known(region, 'Region'), known(account, 'AccountId'));
  suppressNag(role, {
    [`IAM5[Resource::${named}]`]: "A restored cluster has another id. The user's name is fixed.",
  });
}
