import https from 'node:https';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { getEndpointFromInstructions } from '@smithy/core/endpoints';
import { retryMiddleware } from '@smithy/core/retry';
import { readOutput, writeInput } from './operations.ts';
import { type PostOptions, post } from './post.ts';
import { metadataOf, readError, type SdkConfig } from './response-error.ts';
import { type Credentials, createSigner } from './signature.ts';

export type TransportOptions = Pick<PostOptions, 'connectTimeoutMs' | 'requestTimeoutMs'>;

export interface TransportCall {
  /** Such as `GetItem`. */
  operation: string;
  input: object;
  signal?: AbortSignal | undefined;
}

/** Calls DynamoDB with an SDK client's credentials, endpoint and retries, at less than half of the SDK's cost. */
export function createTransport(config: SdkConfig, options: TransportOptions) {
  const endpoint = createEndpoint(config);
  const retried = retryMiddleware(config);

  async function attempt(target: string, body: string, signal: AbortSignal | undefined) {
    const { url, sign, request, agent } = await endpoint.find();
    const clockOffset = config.systemClockOffset;
    const now = new Date(Date.now() + clockOffset);
    const headers = sign({ host: url.host, path: url.pathname, target, body }, now);
    const response = await post({ url, request, agent, headers, body, signal, ...options });
    if (response.statusCode >= 300) throw await readError(config, response, clockOffset);
    const output = readOutput(response.body.toString());
    return { response, output: Object.assign(output, { $metadata: metadataOf(response) }) };
  }

  return {
    call({ operation, input, signal }: TransportCall) {
      const body = writeInput(operation, input);
      const run = () => attempt(`DynamoDB_20120810.${operation}`, body, signal);
      return retried(run, { __smithy_context: { abortSignal: signal } })({ input, request: undefined });
    },
    destroy: endpoint.destroy,
  };
}

type Connections = Pick<PostOptions, 'request' | 'agent'>;

/** Only the embedded engine is called over `node:http`. Its import loads Node's fetch too: 20 ms of a Lambda's cold start. */
async function openConnections(protocol: string): Promise<Connections> {
  const { request, Agent } = protocol === 'https:' ? https : await import('node:http');
  return { request, agent: new Agent({ keepAlive: true, maxSockets: 128 }) };
}

/** Where calls go and how they are signed. Both depend on the credentials, which the SDK refreshes. */
function createEndpoint(config: SdkConfig) {
  let opened: Promise<Connections> | undefined;
  let last: (Connections & { credentials: Credentials; url: URL; sign: ReturnType<typeof createSigner> }) | undefined;

  async function find() {
    const credentials = await config.credentials();
    if (last?.credentials === credentials) return last;
    const { url, properties } = await getEndpointFromInstructions({}, GetItemCommand, config);
    // As the SDK does: the path of an endpoint behind a proxy.
    if (!url.pathname.endsWith('/')) url.pathname += '/';
    const [scheme] = (properties?.authSchemes ?? []) as { signingRegion?: string }[];
    const sign = createSigner(credentials, scheme?.signingRegion ?? (await config.region()));
    opened ??= openConnections(url.protocol);
    last = { credentials, url, sign, ...(await opened) };
    return last;
  }

  return { find, destroy: () => void opened?.then(({ agent }) => agent.destroy()) };
}
