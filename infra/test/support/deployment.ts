import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { inject } from 'vitest';
import { buildApp, type Deployment } from '../../src/build-app.ts';
import './out-dir.ts';

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  DependsOn?: string[];
}

export interface Synthesised extends Deployment {
  outDir: string;
  template(stack: keyof Deployment['stacks']): Template;
  /** The only resource of a type. */
  only(stack: keyof Deployment['stacks'], type: string): Resource;
  /** The logical id of the only resource of a type. */
  idOf(stack: keyof Deployment['stacks'], type: string): string;
  /** All resources of a type with their logical ids. */
  all(stack: keyof Deployment['stacks'], type: string): [id: string, resource: Resource][];
}

/** Synthesises the templates. Bundles the Lambda code only with `bundle`. */
export function synthesise(context: Record<string, unknown> = {}, { bundle = false } = {}): Synthesised {
  const outDir = mkdtempSync(path.join(inject('infraOutDir'), 'out-'));
  const deployment = buildApp({
    outdir: outDir,
    context: { ...(bundle ? {} : { 'aws:cdk:bundling-stacks': [] }), ...context },
  });
  const template = (stack: keyof Deployment['stacks']) => Template.fromStack(deployment.stacks[stack]);
  const all = (stack: keyof Deployment['stacks'], type: string) =>
    Object.entries(template(stack).findResources(type)) as [string, Resource][];
  const one = (stack: keyof Deployment['stacks'], type: string) => {
    const found = all(stack, type);
    const [first] = found;
    if (found.length !== 1 || !first) throw new Error(`${found.length} resources of ${type} in ${stack}`);
    return first;
  };
  return {
    ...deployment,
    outDir,
    template,
    all,
    only: (stack, type) => one(stack, type)[1],
    idOf: (stack, type) => one(stack, type)[0],
  };
}
