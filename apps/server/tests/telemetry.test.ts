import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstAttemptId } from '../../../tests/support/first-attempt-id.ts';
import { openStream } from './open-stream.ts';
import { type ReceivedSpan, startOtlpReceiver } from './otlp-receiver.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import { startTestServer, type TestServer } from './test-server.ts';

type Person = Awaited<ReturnType<TestServer['signIn']>> & { uuid: string };

const SECRET = 'The swallow sings at noon';
const KEY = 'key-of-a-vendor';
const SOON = { timeout: 30_000, interval: 50 };

let stores: TestServer;
let collector: Awaited<ReturnType<typeof startOtlpReceiver>>;
let server: ServerProcess;
let ana: Person;
let group: string;

beforeAll(async () => {
  [stores, collector] = await Promise.all([startTestServer(), startOtlpReceiver()]);
  const [one, other] = [await stores.signIn('ana'), await stores.signIn('ben')];
  await other.api.users.me.query();
  ana = { ...one, uuid: (await one.api.users.me.query()).uuid };
  const draft = { message: SECRET, clientMessageUuid: firstAttemptId(), handle: 'ben' };
  group = (await ana.api.messages.create.mutate(draft)).messageGroupUuid;
  server = await startServerProcess(stores, {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: `x-api-key=${KEY}`,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    OTEL_METRIC_EXPORT_INTERVAL: '200',
    OTEL_BSP_SCHEDULE_DELAY: '100',
  });
});

afterAll(async () => {
  await server.stop();
  await Promise.all([stores.stop(), collector.stop()]);
});

/** Calls a procedure as the page does, with a separate trace. */
async function call(procedure: string, input: unknown) {
  const [traceId, pageSpanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  const response = await fetch(`${server.url}/trpc/${procedure}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${ana.accessToken}`,
      'content-type': 'application/json',
      traceparent: `00-${traceId}-${pageSpanId}-00`,
    },
    body: JSON.stringify(input),
  });
  return { traceId, pageSpanId, requestId: response.headers.get('x-request-id'), status: response.status };
}

const sent = { good: 0, bad: 0 };

function send(message = SECRET) {
  sent[message.trim() === '' ? 'bad' : 'good']++;
  return call('messages.create', { message, clientMessageUuid: firstAttemptId(), messageGroupUuid: group });
}

/** The spans of a trace, once that of its procedure has arrived. */
async function spansOf(traceId: string): Promise<{ root: ReceivedSpan; others: ReceivedSpan[] }> {
  const ofTrace = () => collector.spans.filter((span) => span.traceId === traceId);
  await expect.poll(() => ofTrace().filter(({ kind }) => kind === 2), SOON).toHaveLength(1);
  const root = ofTrace().find(({ kind }) => kind === 2);
  if (!root) throw new Error('no span of the procedure');
  return { root, others: ofTrace().filter((span) => span !== root) };
}

describe('a trace', () => {
  it('continues from the page to the stores, and has the request id', async () => {
    const { traceId, pageSpanId, requestId } = await send();
    const { root, others } = await spansOf(traceId);
    expect(root).toMatchObject({
      name: 'messages.create',
      parentSpanId: pageSpanId,
      attributes: { 'rpc.system.name': 'trpc', 'rpc.method': 'messages.create', 'cruddur.request.id': requestId },
    });
    expect(others.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['PostgreSQL find_user_by_cognito_id', 'DynamoDB TransactWriteItems', 'publish message']),
    );
    for (const child of others) {
      expect(child.parentSpanId).toBe(root.spanId);
      // Both times come from clocks with a resolution of a millisecond.
      expect(Number(child.startTimeUnixNano)).toBeGreaterThan(Number(root.startTimeUnixNano) - 2e6);
      expect(Number(child.endTimeUnixNano)).toBeLessThan(Number(root.endTimeUnixNano) + 2e6);
    }
    const write = others.find(({ name }) => name === 'DynamoDB TransactWriteItems');
    expect(write?.attributes['cruddur.dynamodb.units']).toBe(2);
  });

  it('keeps the store calls of simultaneous calls apart', async () => {
    const list = () => call('messageGroups.markRead', { messageGroupUuid: group, createdAt: new Date().toISOString() });
    const traces = await Promise.all([send(), list(), send(), list(), send(), list()]);
    for (const [index, { traceId }] of traces.entries()) {
      const { others } = await spansOf(traceId);
      const writes = others.map(({ name }) => name).filter((name) => name.endsWith('TransactWriteItems'));
      expect(writes).toHaveLength(index % 2 === 0 ? 1 : 0);
    }
  });

  it('has the reason of a refusal, which is not an error of the server', async () => {
    const { traceId } = await send(' ');
    const { root } = await spansOf(traceId);
    expect(root.attributes).toMatchObject({ 'error.type': 'message_blank', 'rpc.response.status_code': 'BAD_REQUEST' });
    expect(root.status.code ?? 0).toBe(0);
  });

  it('starts at the server if the header is not a trace', async () => {
    const response = await fetch(`${server.url}/trpc/users.me`, {
      headers: { authorization: `Bearer ${ana.accessToken}`, traceparent: `00-${SECRET}-01` },
    });
    const requestId = response.headers.get('x-request-id');
    await expect
      .poll(() => collector.spans.find(({ attributes }) => attributes['cruddur.request.id'] === requestId), SOON)
      .toMatchObject({ name: 'users.me', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });

  it('has its id in the log, and names the service', async () => {
    const { traceId, requestId } = await send();
    await spansOf(traceId);
    const line = () => {
      const lines = server.output().split('\n');
      return JSON.parse(lines.find((each) => each.includes(String(requestId))) ?? '{}');
    };
    await expect.poll(line, SOON).toMatchObject({ traceId, procedures: ['messages.create'] });
    expect(collector.resources[0]).toMatchObject({
      'service.name': 'cruddur-server',
      'service.instance.id': expect.any(String),
      'deployment.environment.name': 'test',
    });
  });
});

describe('the metrics', () => {
  it('count calls by procedure, errors by reason, and units by procedure and operation', async () => {
    const count = (method: string, reason?: string) =>
      collector
        .pointsOf('rpc.server.call.duration')
        .find(({ attributes }) => attributes['rpc.method'] === method && attributes['error.type'] === reason)?.count ??
      0;
    const units = () =>
      collector
        .pointsOf('cruddur.dynamodb.consumed_capacity')
        .find(
          ({ attributes }) =>
            attributes['rpc.method'] === 'messages.create' &&
            attributes['db.operation.name'] === 'TransactWriteItems' &&
            attributes.kind === 'write',
        )?.value ?? 0;
    await Promise.all([send(), send(' ')]);
    await expect.poll(() => count('messages.create'), SOON).toBe(sent.good);
    await expect.poll(() => count('messages.create', 'message_blank'), SOON).toBe(sent.bad);
    await expect.poll(units, SOON).toBe(2 * sent.good);
  });

  it('report open streams, the bus and the event loop', async () => {
    const open = () => collector.pointsOf('cruddur.streams.open')[0]?.value;
    const stream = await openStream(server.url, ana.accessToken);
    await expect.poll(open, SOON).toBe(1);
    stream.close();
    await expect.poll(open, SOON).toBe(0);
    await expect.poll(() => collector.pointsOf('cruddur.stream.duration')[0]?.count, SOON).toBe(1);
    // The bus is listening. It may have had to connect again on a busy machine.
    await expect.poll(() => collector.pointsOf('cruddur.bus.gaps')[0]?.value, SOON).toBeGreaterThanOrEqual(1);
    await expect.poll(() => collector.pointsOf('nodejs.eventloop.delay.p99')[0]?.value, SOON).toBeGreaterThan(0);
    const stores = () =>
      new Set(collector.pointsOf('db.client.operation.duration').map(({ attributes }) => attributes['db.system.name']));
    await expect.poll(stores, SOON).toEqual(new Set(['aws.dynamodb', 'postgresql']));
    await expect.poll(() => collector.pointsOf('http.server.request.duration').length, SOON).toBeGreaterThan(0);
  });
});

it('neither message texts nor personal data are exported', async () => {
  const { traceId } = await send();
  await spansOf(traceId);
  const exported = collector.bodies.join('\n');
  expect(exported).toContain('select ');
  for (const secret of [SECRET, ana.accessToken, ana.sub, ana.email, ana.uuid, group, 'ana', 'ben']) {
    expect(exported).not.toContain(secret);
  }
});

it('traces and metrics have the headers that the environment names, and no log shows them', async () => {
  const { traceId } = await send();
  await spansOf(traceId);
  await expect.poll(() => collector.pointsOf('http.server.request.duration').length, SOON).toBeGreaterThan(0);
  expect([...collector.keys]).toEqual([KEY]);
  expect(server.output()).not.toContain(KEY);
});

describe('without the variables', () => {
  // Loading any part of the SDK fails.
  const hook = `export async function resolve(name, context, next) {
    if (/^@opentelemetry\\/(sdk|exporter|resources|core)/.test(name)) throw new Error('loaded ' + name);
    return next(name, context);
  }`;
  const asUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
  const NODE_OPTIONS = `--import ${asUrl(`import { register } from 'node:module'; register(${JSON.stringify(asUrl(hook))})`)}`;

  it('the SDK is not even loaded', async () => {
    const fromSources = true;
    const [silent, loud] = await Promise.all([
      startServerProcess(stores, { NODE_OPTIONS }, { fromSources }),
      startServerProcess(stores, { NODE_OPTIONS, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, { fromSources }),
    ]);
    expect(silent.isRunning()).toBe(true);
    await silent.stop();
    expect(loud.isRunning()).toBe(false);
    expect(loud.output()).toContain('loaded @opentelemetry/');
  });

  it('or with OTEL_SDK_DISABLED there is no connection to a collector', async () => {
    const [ofDisabled, ofEnabled] = await Promise.all([startOtlpReceiver(), startOtlpReceiver()]);
    const envOf = ({ url }: typeof ofEnabled) => ({
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    });
    const servers = await Promise.all([
      startServerProcess(stores, { ...envOf(ofDisabled), OTEL_SDK_DISABLED: 'true' }),
      startServerProcess(stores, envOf(ofEnabled)),
    ]);
    await Promise.all(servers.map((each) => each.stop()));
    expect(ofDisabled.connections()).toBe(0);
    // Buffered data was exported at shutdown.
    expect(ofEnabled.pointsOf('http.server.request.duration').length).toBeGreaterThan(0);
    await Promise.all([ofDisabled.stop(), ofEnabled.stop()]);
  });
});

it('an invalid variable ends the start with one sentence', async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER: 'bogus' };
  const refused = await startServerProcess(stores, env);
  expect(refused.isRunning()).toBe(false);
  expect(refused.output()).toMatch(/^The environment is invalid\. OTEL_TRACES_SAMPLER: .+\n$/);
});

it('a collector that is down slows nothing down and is logged once', async () => {
  const server = await startServerProcess(stores, {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    OTEL_EXPORTER_OTLP_HEADERS: `x-api-key=${KEY},malformed-${KEY}`,
    OTEL_METRIC_EXPORT_INTERVAL: '100',
    OTEL_EXPORTER_OTLP_TIMEOUT: '300',
  });
  for (let count = 0; count < 20; count++) expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  const complaints = () =>
    server
      .output()
      .split('\n')
      .filter((line) => line.includes('"msg":"telemetry"'));
  await expect.poll(() => complaints().length, SOON).toBeGreaterThan(0);
  await server.stop();
  expect(complaints()).toHaveLength(1);
  expect(server.output()).not.toContain(KEY);
});
