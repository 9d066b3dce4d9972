import { runInNewContext } from 'node:vm';

/**
 * The value of an expression of CloudWatch's metric math at one time. A metric without data has no value, and so has what is computed
 * from it, except by FILL. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 *
 * @returns undefined where CloudWatch has no data
 */
export function evaluateMath(expression: string, metrics: Record<string, number | undefined>): number | undefined {
  const values = Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, value ?? Number.NaN]));
  const result: unknown = runInNewContext(expression.replaceAll(' AND ', ' && '), { ...FUNCTIONS, ...values });
  return typeof result === 'number' && Number.isFinite(result) ? result : undefined;
}

const FUNCTIONS = {
  FILL: (value: number, other: number) => (Number.isNaN(value) ? other : value),
  IF: (condition: boolean | number, value: number, other: number) =>
    Number.isNaN(condition) ? Number.NaN : condition ? value : other,
  MAX: (values: number[]) => Math.max(...values),
  MIN: (values: number[]) => Math.min(...values),
};
