import { readFileSync } from 'node:fs';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { checkWithNag } from '../src/nag.ts';
import { synthesise } from './support/deployment.ts';

interface Report {
  pluginReports: { pluginName: string; violations: { ruleName: string }[] }[];
}

/** Findings of cdk-nag and the library that are not suppressed. */
function findingsOf(context: Record<string, unknown>): string[] {
  const { app, outDir } = synthesise(context);
  checkWithNag(app);
  app.synth();
  const report = JSON.parse(readFileSync(path.join(outDir, 'validation-report.json'), 'utf8')) as Report;
  return report.pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName));
}

describe('cdk-nag', () => {
  it.each([
    ['the defaults in any region', {}],
    [
      'what settings add',
      {
        billing: 'provisioned',
        telemetry: 'aws',
        bus: 'valkey',
        region: 'ca-central-1',
        account: '123456789012',
        homeRegion: 'ca-central-1',
        replicaRegion: 'ca-west-1',
      },
    ],
  ])('has no finding that is not suppressed with a reason, with %s', (_, context) => {
    expect(findingsOf(context)).toEqual([]);
  });

  it('fails the synthesis for a new bucket', () => {
    const app = new App();
    new Bucket(new Stack(app, 'Careless'), 'Bucket');
    checkWithNag(app);
    expect(() => app.synth()).toThrow('AwsSolutions-S10');
  });
});
