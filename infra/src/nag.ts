import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';

/** Makes synthesis check every resource against cdk-nag's AWS rules and fail on a finding. */
export function checkWithNag(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}

/** Suppresses findings for a construct and its children, with a reason per rule. CDK's own warnings need their full name. */
export function suppressNag(construct: IConstruct, reasons: Record<string, string>): void {
  for (const [rule, reason] of Object.entries(reasons)) {
    const id = rule.startsWith('Annotation::') ? rule : `AwsSolutions-${rule}`;
    Validations.of(construct).acknowledge({ id, reason });
  }
}
