import type { DynamoDBDocumentClient, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/lib-dynamodb';
import { constructStack } from '@smithy/core/client';
import { operationOf } from './operations.ts';
import { createTransport, type TransportOptions } from './transport.ts';

type Command = { input: ServiceInputTypes };
type SendOptions = { abortSignal?: AbortSignal };

/**
 * Wraps a client so that frequent operations go through our transport, and all others through the SDK. What
 * is added to its `middlewareStack` at the step `initialize` sees the calls of both.
 */
export function withTransport(client: DynamoDBDocumentClient, options: TransportOptions): DynamoDBDocumentClient {
  const middlewareStack = constructStack<ServiceInputTypes, ServiceOutputTypes>();
  const sdkStack = client.middlewareStack;
  const transport = createTransport(client.config, options);

  async function callDirectly(operation: string, { input }: Command, { abortSignal: signal }: SendOptions = {}) {
    const run = (args: Command) => transport.call({ operation, input: args.input, signal });
    const handler = middlewareStack.resolve(run as never, { commandName: `${operation}Command` });
    return (await handler({ input })).output;
  }

  function send(command: Command, ...rest: [SendOptions?]) {
    const operation = operationOf(command);
    if (operation !== undefined) return callDirectly(operation, command, ...rest);
    client.middlewareStack = sdkStack.concat(middlewareStack);
    return client.send(command as never, ...rest);
  }

  function destroy() {
    transport.destroy();
    // A document client's own `destroy` does nothing.
    client.config.requestHandler.destroy?.();
  }

  return Object.create(client, {
    middlewareStack: { value: middlewareStack },
    send: { value: send },
    destroy: { value: destroy },
  }) as DynamoDBDocumentClient;
}
