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
      const { Entries: entries } = schema.parse(JSON.parse(Buffer.concat(chunks).toString()));
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
