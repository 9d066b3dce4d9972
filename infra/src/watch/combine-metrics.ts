import { MathExpression, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { MINUTE } from './alarm-spec.ts';

/** Of each minute, metrics without data counting as 0: some are published only when there is something to count. */
export const sumOf = (metrics: readonly Metric[]): MathExpression => combine(metrics, (values) => values.join(' + '));

/** As {@link sumOf}. */
export const maximumOf = (metrics: readonly Metric[]): MathExpression =>
  combine(metrics, (values) => `MAX([${values.join(', ')}])`);

/** As {@link sumOf}. */
export const minimumOf = (metrics: readonly Metric[]): MathExpression =>
  combine(metrics, (values) => `MIN([${values.join(', ')}])`);

function combine(metrics: readonly Metric[], expressionOf: (values: string[]) => string): MathExpression {
  const named = metrics.map((metric, index) => [`m${index}`, metric] as const);
  return new MathExpression({
    expression: expressionOf(named.map(([name]) => `FILL(${name}, 0)`)),
    usingMetrics: Object.fromEntries(named),
    ...MINUTE,
  });
}
