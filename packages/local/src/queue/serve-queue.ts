import { createServer, type Server } from 'node:http';
import { z } from 'zod';
import { LOOPBACK } from '../engines/ports.ts';
import { type LocalQueue, md5Of } from './start-queue.ts';

const ACTION = 'AmazonSQS.SendMessageBatch';

const schema = z.object({
  Entries: z.array(z.object({ Id: z.string(), MessageBody: z.string(), DelaySeconds: z.number().default(0) })),
});

/**
 * Accepts messages of a queue by SQS's HTTP API, for the bundled Lambdas, which know no other queue. The only action is
 * `SendMessageBatch`.
 *
 * @returns a server that listens
 */
export async function serveQueue(queue: LocalQueue, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = (status: number, body: object) => {
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
      };
      if (request.headers['x-amz-target'] !== ACTION)
        return answer(400, { __type: 'com.amazon.coral.service#UnknownOperationException' });
      const entries = parseEntries(Buffer.concat(chunks).toString());
      if (!entries) return answer(400, { __type: 'com.amazon.coral.service#SerializationException' });
      void queue.send(entries.map(({ MessageBody: body, DelaySeconds: delaySeconds }) => ({ body, delaySeconds })));
      const Successful = entries.map(({ Id, MessageBody: body }) => ({
        Id,
        MessageId: Id,
        MD5OfMessageBody: md5Of(body),
      }));
      answer(200, { Successful, Failed: [] });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, LOOPBACK, resolve);
  });
  return server;
}

/** `undefined` for a body that SQS refuses, too. */
function parseEntries(body: string): z.output<typeof schema>['Entries'] | undefined {
  try {
    return schema.safeParse(JSON.parse(body)).data?.Entries;
  } catch {
    return undefined;
  }
}
