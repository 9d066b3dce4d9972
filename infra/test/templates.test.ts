import { describe, expect, it } from 'vitest';
import { type Resource, synthesise } from './support/deployment.ts';

// What holds for every template, read as CloudFormation reads it.

const deployment = synthesise({ region: 'ca-central-1', billing: 'provisioned' });
const names = Object.keys(deployment.stacks) as (keyof typeof deployment.stacks)[];
const resources = names.flatMap((stack) => {
  const template = deployment.template(stack).toJSON() as { Resources: Record<string, Resource> };
  return Object.entries(template.Resources).map(([id, resource]) => ({ stack, id, resource }));
});

/** Types that hold what cannot be produced again: data, credentials, logs, and what a retained cluster needs to run. */
const KEPT_TYPES = [
  /^AWS::Cognito::UserPool$/,
  /^AWS::DynamoDB::(Global)?Table$/,
  /^AWS::Logs::LogGroup$/,
  /^AWS::RDS::DB(Cluster|Instance|SubnetGroup)$/,
  /^AWS::S3::Bucket$/,
  /^AWS::SecretsManager::Secret$/,
];

describe('deletion policies', () => {
  it.each(KEPT_TYPES)('keep what is %s when it is replaced or its stack deleted', (type) => {
    const kept = resources.filter(({ resource }) => type.test(resource.Type));
    expect(kept).not.toEqual([]);
    for (const { stack, id, resource } of kept) {
      const { DeletionPolicy, UpdateReplacePolicy } = resource;
      expect({ stack, id, DeletionPolicy, UpdateReplacePolicy }).toEqual({
        stack,
        id,
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
    }
  });

  it('keep nothing of a creation that failed, so that it can be repeated under the same names', () => {
    for (const { stack, id, resource } of resources) {
      const { DeletionPolicy = 'Delete' } = resource;
      expect({ stack, id, DeletionPolicy }).toEqual({
        stack,
        id,
        DeletionPolicy: expect.stringMatching(/^(Delete|RetainExceptOnCreate)$/),
      });
    }
  });
});
