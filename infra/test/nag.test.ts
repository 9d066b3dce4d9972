import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { checkApp } from '../src/check-app.ts';
import { synthesise } from './support/deployment.ts';

interface Report {
  pluginReports: { pluginName: string; violations: { ruleName: string }[] }[];
}

/** What cdk-nag and the library itself find, accepted findings left out. */
function findingsOf(context: Record<string, unknown>): string[] {
  const { app, outDir } = synthesise(context);
  checkApp(app);
  app.synth();
  const report = JSON.parse(readFileSync(path.join(outDir, 'validation-report.json'), 'utf8')) as Report;
  return report.pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName));
}

describe('cdk-nag', () => {
  it.each([
    ['on-demand billing in any region', {}],
    ['provisioned billing in one', { billing: 'provisioned', region: 'ca-central-1', account: '123456789012' }],
  ])('finds nothing that is not accepted with its reason, with %s', (_, context) => {
    expect(findingsOf(context)).toEqual([]);
  });

  it('fails the templates for a bucket that somebody added', () => {
    const { app, stacks } = synthesise();
    new Bucket(stacks.web, 'Careless');
    checkApp(app);
    expect(() => app.synth()).toThrow('AwsSolutions-S10');
  });
});
