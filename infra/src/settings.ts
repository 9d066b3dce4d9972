import { DEFAULT_TABLE_NAME } from '@cruddur/config';
import { z } from 'zod';

const count = (fallback: number) => z.coerce.number().int().positive().default(fallback);

const schema = z.object({
  /** Of all stacks except the edge log; by default that of the deployer's credentials. */
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
  /** Units per second with provisioned billing, for table and index each. */
  readUnitsMin: count(5),
  readUnitsMax: count(1000),
  writeUnitsMin: count(5),
  writeUnitsMax: count(1000),
  /** Concurrent invocations of the stream's Lambda: shards times {@link STREAM_PARALLELISM}. */
  streamConcurrency: count(40),
  apiTasksMin: z.coerce.number().int().min(2, 'at least two tasks, in two zones').default(2),
  apiTasksMax: count(20),
  /** Open streams per task at which another task starts; a task accepts 10,000. */
  apiStreams: count(3000),
  /** The VAPID key of new devices, which bin/push/keys prints; by default no device can be added. */
  pushPublicKey: z
    .string()
    .regex(/^B[\w-]{86}$/)
    .optional(),
  /** Where push services can reach the operators. */
  pushContact: z
    .string()
    .regex(/^(mailto:|https:)/)
    .default('mailto:operators@cruddur.example'),
  /** Concurrent invocations of the Lambda that sends pushes. */
  pushConcurrency: z.coerce.number().int().min(2).max(1000).default(20),
  /** Receives traces and metrics by OTLP over HTTPS; by default there are none. */
  otlpEndpoint: z.url({ protocol: /^https$/ }).optional(),
  databaseAcuMin: z.coerce.number().min(0.5).default(0.5),
  databaseAcuMax: z.coerce.number().min(1).default(16),
  logDays: count(90),
});

/** Set with `-c name=value` or in `cdk.json`. The defaults fit a small production. */
export type Settings = z.output<typeof schema>;

/** Concurrent batches per shard of the stream. Records of one group are still processed in order. */
export const STREAM_PARALLELISM = 4;

/** Reads the app's context. @throws Error that names each invalid setting */
export function readSettings(contextOf: (name: string) => unknown): Settings {
  const values = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, contextOf(name)]));
  const result = schema.safeParse(values);
  if (!result.success) throw new Error(`The settings are invalid.\n${z.prettifyError(result.error)}`);
  return result.data;
}
