import type { Synthesised } from './deployment.ts';

interface Container {
  Name: string;
  Environment?: { Name: string; Value: unknown }[];
  Secrets?: { Name: string; ValueFrom: unknown }[];
  [property: string]: unknown;
}

/** The only container with this name. */
export function containerOf(deployment: Synthesised, name: string): Container {
  const containers = deployment
    .all('api', 'AWS::ECS::TaskDefinition')
    .flatMap(([, { Properties }]) => Properties.ContainerDefinitions as Container[])
    .filter(({ Name }) => Name === name);
  const [container] = containers;
  if (containers.length !== 1 || !container) throw new Error(`${containers.length} containers ${name}`);
  return container;
}

/** The environment of a container, with ECS's own variable and placeholders for values that only AWS knows. */
export function environmentOf({ Environment = [], Secrets = [] }: Container): Record<string, string> {
  const known = Environment.map(({ Name, Value }) => [
    Name,
    typeof Value === 'string' ? Value : placeholderFor(Name, Value),
  ]);
  const secret = Secrets.map(({ Name }) => [Name, `secret of ${Name} `.repeat(3).trim()]);
  // Programs detect AWS credentials by this variable.
  const ofEcs = [['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', '/v2/credentials']];
  return Object.fromEntries([...known, ...secret, ...ofEcs]) as Record<string, string>;
}

function placeholderFor(name: string, value: unknown): string {
  if (name === 'DATABASE_PORT') return '5432';
  if (name === 'COGNITO_USER_POOL_ID') return 'ca-central-1_Abcdefghi';
  const reference = JSON.stringify(value);
  return name === 'WEB_ORIGINS' ? 'https://messages.cruddur.example' : reference.replaceAll(/\W/g, '').slice(0, 40);
}
