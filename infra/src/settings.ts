import { DEFAULT_TABLE_NAME, ZONES_WITHOUT_VPC_ORIGINS } from '@cruddur/config';
import { z } from 'zod';

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

const positive = z.coerce.number().int().positive();
const count = (fallback: number) => positive.default(fallback);

const zoneIds = z
  .array(
    z
      .string()
      .regex(/^[a-z]{2,4}\d-az\d$/, 'a zone id is like cac1-az1; it is not the name of a zone')
      .refine((id) => !ZONES_WITHOUT_VPC_ORIGINS.includes(id), 'CloudFront has no VPC origins in this zone'),
  )
  .min(2)
  .max(3)
  .refine((ids) => new Set(ids).size === ids.length, 'the same zone twice');

const vaultArn = z.string().regex(/^arn:aws[a-z-]*:backup:[a-z0-9-]+:\d{12}:backup-vault:[\w-]{2,50}$/);

const fields = z.object({
  /** The region of all stacks except the edge log; by default that of the deployer's credentials. */
  region: z.string().regex(REGION).optional(),
  account: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  /** Where table and database were created, and the region with replicas of both. Set both or neither, the same in both regions. */
  homeRegion: z.string().regex(REGION).optional(),
  replicaRegion: z.string().regex(REGION).optional(),
  /** The region that serves people and moves rows, by default the home region. The other one is on standby. */
  writingRegion: z.string().regex(REGION).optional(),
  /** The vault in another account and region, from the stack CruddurVault, into which the table's backups are copied. By default there are none. */
  backupVaultArn: vaultArn.optional(),
  /** The same for PostgreSQL, in the same account and in the home region. Set with the other. */
  databaseVaultArn: vaultArn.optional(),
  /** Ids of two or three zones, such as `cac1-az1,cac1-az2`. By default the first two of the account, by their names. */
  zoneIds: z
    .string()
    .transform((ids) => ids.split(','))
    .pipe(zoneIds)
    .optional(),
  stage: z.string().default('production'),
  owner: z.string().default('cruddur'),
  tableName: z
    .string()
    .regex(/^[\w.-]{3,255}$/)
    .default(DEFAULT_TABLE_NAME),
  /** A table that programs use instead of the stack's: a restored one, or a replica. Set with its stream. */
  servedTableName: z
    .string()
    .regex(/^[\w.-]{3,255}$/)
    .optional(),
  servedStreamArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[\w.-]{3,255}\/stream\/[\dT:.-]+$/)
    .optional(),
  billing: z.enum(['on-demand', 'provisioned']).default('on-demand'),
  /** Units per second with provisioned billing, for table and index each. */
  readUnitsMin: count(5),
  readUnitsMax: count(1000),
  writeUnitsMin: count(5),
  writeUnitsMax: count(1000),
  /** Units per second beyond which on-demand billing throttles, for table and index each: a limit of the bill. */
  onDemandReadUnitsMax: positive.optional(),
  onDemandWriteUnitsMax: positive.optional(),
  /** Units per second that table and index each serve at once. A new table has 12,000 and 4,000; AWS charges once for more. */
  warmReadUnits: positive.optional(),
  warmWriteUnits: positive.optional(),
  /**
   * Most concurrent invocations of the stream's Lambda: records per second times seconds of an invocation, and half as many again
   * (docs/alarms.md). There are never more than shards times {@link STREAM_PARALLELISM}.
   */
  streamConcurrency: count(40),
  apiTasksMin: z.coerce.number().int().min(2, 'at least two tasks, in two zones').default(2),
  apiTasksMax: count(20),
  /** Open streams per task at which another task starts; a task accepts 10,000. */
  apiStreams: count(3000),
  /** Sender of the codes for signing up and for new passwords, of a domain that SES has verified. By default Cognito's, for 50 mails a day. */
  mailFrom: z.email().optional(),
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
  /**
   * Where traces and metrics of the API and the Lambdas go: nowhere, to X-Ray and CloudWatch by a collector in the API's tasks, or
   * those of the API to any collector by OTLP. AWS charges for each trace and metric.
   */
  telemetry: z.enum(['none', 'aws', 'otlp']).default('none'),
  /** Receives OTLP over HTTPS. */
  otlpEndpoint: z.url({ protocol: /^https$/ }).optional(),
  /** The secret with the headers of that endpoint, as `name=value,name=value`. */
  otlpHeadersSecretArn: z
    .string()
    .regex(/^arn:aws[\w-]*:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+$/)
    .optional(),
  /**
   * What carries live events: NOTIFY, or Valkey from ten million messages a day on (docs/scale.md). Between the two, in both directions, deploy
   * `both` once: tasks before and after a deployment must hear each other.
   */
  bus: z.enum(['postgres', 'both', 'valkey']).default('postgres'),
  /** Of Valkey's nodes, two for each shard. */
  valkeyNodeType: z
    .string()
    .regex(/^cache\.[a-z0-9]+\.[a-z0-9]+$/)
    .default('cache.t4g.small'),
  /** A cluster has at most 90 nodes. */
  valkeyShards: z.coerce.number().int().min(1).max(45).default(1),
  databaseAcuMin: z.coerce.number().min(0.5).default(0.5),
  databaseAcuMax: z.coerce.number().min(1).default(16),
  logDays: count(90),
});

const schema = fields.superRefine((settings, context) => {
  const fault = (setting: keyof typeof settings, message: string) =>
    context.addIssue({ code: 'custom', path: [setting], message });
  const { servedTableName, servedStreamArn, tableName, region, homeRegion, replicaRegion, writingRegion } = settings;
  if (Boolean(servedTableName) !== Boolean(servedStreamArn)) {
    fault('servedStreamArn', 'servedTableName and servedStreamArn are set both or neither');
  } else if (servedTableName && !servedStreamArn?.includes(`:table/${servedTableName}/stream/`)) {
    fault('servedStreamArn', 'must be a stream of servedTableName');
  } else if (servedTableName && !servedTableName.startsWith(tableName)) {
    fault('servedTableName', `must begin with ${tableName}: the network's endpoint admits no other table`);
  }
  if (servedStreamArn && region && servedStreamArn.split(':')[3] !== region) {
    fault('servedStreamArn', `must be a stream in ${region}`);
  }
  if (Boolean(homeRegion) !== Boolean(replicaRegion) || (homeRegion && homeRegion === replicaRegion)) {
    fault('replicaRegion', 'homeRegion and replicaRegion are two regions, set both or neither');
  } else if (homeRegion && region !== homeRegion && region !== replicaRegion) {
    fault('region', 'must be homeRegion or replicaRegion');
  }
  if (writingRegion && writingRegion !== homeRegion && writingRegion !== replicaRegion) {
    fault('writingRegion', 'must be homeRegion or replicaRegion');
  }
  if (replicaRegion && region === replicaRegion && !servedTableName) {
    fault('servedTableName', 'and servedStreamArn name the replica of the table: bin/aws/failover --help');
  }
  const { backupVaultArn, databaseVaultArn } = settings;
  const placeOf = (arn = '') => ({ region: arn.split(':')[3], account: arn.split(':')[4] });
  if (Boolean(backupVaultArn) !== Boolean(databaseVaultArn)) {
    fault('databaseVaultArn', 'backupVaultArn and databaseVaultArn are set both or neither');
  } else if (placeOf(backupVaultArn).account !== placeOf(databaseVaultArn).account) {
    fault('databaseVaultArn', 'must be in the account of backupVaultArn');
  } else if (databaseVaultArn && region && placeOf(databaseVaultArn).region !== (homeRegion ?? region)) {
    fault(
      'databaseVaultArn',
      `must be in ${homeRegion ?? region}: AWS copies no Aurora snapshot to another account and region at once`,
    );
  }
  if (Boolean(settings.warmReadUnits) !== Boolean(settings.warmWriteUnits)) {
    fault('warmWriteUnits', 'warmReadUnits and warmWriteUnits are set both or neither');
  }
  const isOtlp = settings.telemetry === 'otlp';
  if (isOtlp !== Boolean(settings.otlpEndpoint))
    fault('otlpEndpoint', 'must be set with telemetry=otlp, and only then');
  if (settings.otlpHeadersSecretArn && !isOtlp) fault('otlpHeadersSecretArn', 'needs telemetry=otlp');
});

/** Set with `-c name=value` or in `cdk.json`. The defaults fit a small production. */
export type Settings = z.output<typeof schema>;

export const SETTING_NAMES = Object.keys(fields.shape);

/** Concurrent batches per shard of the stream. Records of one group are still processed in order. */
export const STREAM_PARALLELISM = 4;

/** Reads the app's context. What differs in a region is under the region's name. @throws Error that names each invalid setting */
export function readSettings(contextOf: (name: string) => unknown): Settings {
  const ofRegion = Object(contextOf(String(contextOf('region')))) as Record<string, unknown>;
  const values = Object.fromEntries(SETTING_NAMES.map((name) => [name, ofRegion[name] ?? contextOf(name)]));
  const result = schema.safeParse(values);
  if (!result.success) throw new Error(`The settings are invalid.\n${z.prettifyError(result.error)}`);
  return result.data;
}
