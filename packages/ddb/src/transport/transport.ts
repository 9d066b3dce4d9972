import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { getEndpointFromInstructions } from '@smithy/core/endpoints';
import { retryMiddleware } from '@smithy/core/retry';
import { readOutput, writeInput } from './operations.ts';
import { type PostOptions, post } from './post.ts';
import { metadataOf, readError, type SdkConfig } from './response-error.ts';
import { type Credentials, createSigner } from './signature.ts';

export type TransportOptions = Pick<PostOptions, 'agents' | 'connectTimeoutMs' | 'requestTimeoutMs'>;

export interface TransportCall {
  /** Such as `GetItem`. */
  operation: string;
  input: object;
  signal?: AbortSignal | undefined;
}

/** Calls DynamoDB with an SDK client's credentials, endpoint and retries, at less than half of the SDK's cost. */
export function createTransport(config: SdkConfig, options: TransportOptions) {
  const findSigner = rememberSigner(config);
  const retried = retryMiddleware(config);

  async function attempt(target: string, body: string, signal: AbortSignal | undefined) {
    const { url, sign } = await findSigner();
    const now = new Date(Date.now() + config.systemClockOffset);
    const headers = sign({ host: url.host, path: url.pathname, target, body }, now);
    const response = await post({ url, headers, body, signal, ...options });
    if (response.statusCode >= 300) throw await readError(config, response);
    const output = readOutput(response.body.toString());
    return { response, output: Object.assign(output, { $metadata: metadataOf(response) }) };
  }

  return ({ operation, input, signal }: TransportCall) => {
    const body = writeInput(operation, input);
    const run = () => attempt(`DynamoDB_20120810.${operation}`, body, signal);
    return retried(run, { __smithy_context: { abortSignal: signal } })({ input, request: undefined });
  };
}

/** The endpoint and the signer depend on the credentials, which the SDK refreshes. */
function rememberSigner(config: SdkConfig) {
  let last: { credentials: Credentials; url: URL; sign: ReturnType<typeof createSigner> } | undefined;
  return async () => {
    const credentials = await config.credentials();
    if (last?.credentials === credentials) return last;
    const { url, properties } = await getEndpointFromInstructions({}, GetItemCommand, config);
    const [scheme] = (properties?.authSchemes ?? []) as { signingRegion?: string }[];
    last = { credentials, url, sign: createSigner(credentials, scheme?.signingRegion ?? (await config.region())) };
    return last;
  };
}
