import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';

type Attribute = { key: string; value: { stringValue?: string; doubleValue?: number; intValue?: number } };

/** A span of OTLP's JSON, with its attributes by name. */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** 1 internal, 2 server, 3 client, 4 producer. */
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Record<string, unknown>;
  status: { code?: number };
}

/** A data point of a metric. */
export interface ReceivedPoint {
  metric: string;
  attributes: Record<string, unknown>;
  count?: number;
  value?: number;
}

interface SpansBody {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { spans: (Omit<ReceivedSpan, 'attributes'> & { attributes: Attribute[] })[] }[];
  }[];
}

type DataPoint = { attributes: Attribute[]; count?: number; asDouble?: number; asInt?: number };

interface MetricsBody {
  resourceMetrics: {
    scopeMetrics: {
      metrics: { name: string; [kind: string]: string | { dataPoints?: DataPoint[] } }[];
    }[];
  }[];
}

/** A collector that stores what it receives as OTLP over HTTP in JSON. */
export async function startOtlpReceiver() {
  const bodies: string[] = [];
  const keys = new Set<unknown>();
  const spans: ReceivedSpan[] = [];
  const resources: Record<string, unknown>[] = [];
  let points: ReceivedPoint[] = [];
  let connections = 0;
  const receiver = Fastify({ bodyLimit: 16 * 1024 * 1024, forceCloseConnections: true });
  receiver.server.on('connection', () => connections++);
  receiver.addHook('preHandler', async ({ body, headers }) => {
    bodies.push(JSON.stringify(body));
    keys.add(headers['x-api-key']);
  });
  receiver.post<{ Body: SpansBody }>('/v1/traces', async ({ body }) => {
    for (const { resource, scopeSpans } of body.resourceSpans) {
      resources.push(byName(resource.attributes));
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
        spans.push({ ...span, attributes: byName(span.attributes) });
      }
    }
    return {};
  });
  receiver.post<{ Body: MetricsBody }>('/v1/metrics', async ({ body }) => {
    // Reports are cumulative.
    points = body.resourceMetrics
      .flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap(({ metrics }) => metrics)
      .flatMap(pointsOf);
    return {};
  });
  await receiver.listen({ port: 0, host: '127.0.0.1' });
  const { port } = receiver.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    /** Everything received, as text. */
    bodies,
    /** The values of a header in which vendors expect a key. */
    keys,
    spans,
    resources,
    /** A metric in the newest report. */
    pointsOf: (metric: string) => points.filter((point) => point.metric === metric),
    connections: () => connections,
    stop: () => receiver.close(),
  };
}

function pointsOf(metric: MetricsBody['resourceMetrics'][0]['scopeMetrics'][0]['metrics'][0]): ReceivedPoint[] {
  const kinds = Object.values(metric).filter((value) => typeof value === 'object');
  return kinds
    .flatMap(({ dataPoints = [] }) => dataPoints)
    .map(({ attributes, count, asDouble, asInt }) => {
      const value = asDouble ?? asInt;
      return {
        metric: metric.name,
        attributes: byName(attributes),
        ...(count === undefined ? {} : { count }),
        ...(value === undefined ? {} : { value }),
      };
    });
}

function byName(attributes: Attribute[]): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ?? value.doubleValue ?? value.intValue ?? JSON.stringify(value),
    ]),
  );
}
