import { DEFAULT_TABLE_NAME } from '@cruddur/config';
import { z } from 'zod';

const count = (fallback: number) => z.coerce.number().int().positive().default(fallback);

const schema = z.object({
  /** Where everything is, but for what CloudFront has everywhere. Left out: where the deployer's credentials point. */
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
    .optional(),
  account: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  stage: z.string().default('production'),
  owner: z.string().default('cruddur'),
  tableName: z
    .string()
    .regex(/^[\w.-]{3,255}$/)
    .default(DEFAULT_TABLE_NAME),
  billing: z.enum(['on-demand', 'provisioned']).default('on-demand'),
  /** Units a second with provisioned billing, for the table and for its index each. */
  readUnitsMin: count(5),
  readUnitsMax: count(1000),
  writeUnitsMin: count(5),
  writeUnitsMax: count(1000),
  /** Invocations of the stream's Lambda at once: shards times {@link STREAM_PARALLELISM}. */
  streamConcurrency: count(40),
  apiTasksMin: z.coerce.number().int().min(2, 'two tasks in two zones are the least').default(2),
  apiTasksMax: count(20),
  /** Open streams of a task that bring another task; a task takes 5,000. */
  apiStreams: count(3000),
  /** Where traces and metrics go by OTLP over HTTPS; nowhere when left out. */
  otlpEndpoint: z.url({ protocol: /^https$/ }).optional(),
  databaseAcuMin: z.coerce.number().min(0.5).default(0.5),
  databaseAcuMax: z.coerce.number().min(1).default(16),
  logDays: count(90),
});

/** What a deployer may choose, with `-c name=value` or in `cdk.json`; the defaults are a production of modest size. */
export type Settings = z.output<typeof schema>;

/** Batches of one shard of the stream that are worked on at once. Records of one group still come one after the other. */
export const STREAM_PARALLELISM = 4;

/**
 * Reads the settings from the app's context.
 *
 * @throws Error naming each setting that does not fit
 */
export function readSettings(contextOf: (name: string) => unknown): Settings {
  const values = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, contextOf(name)]));
  const result = schema.safeParse(values);
  if (!result.success) throw new Error(`The settings do not fit.\n${z.prettifyError(result.error)}`);
  return result.data;
}
