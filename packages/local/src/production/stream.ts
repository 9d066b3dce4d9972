import { pathToFileURL } from 'node:url';
import { readOrExit, readStackEnv } from '@cruddur/config/env';
import { serveQueue } from '../queue/serve-queue.ts';
import { runStream, startPushQueue } from '../stack/run-stream.ts';
import type { LambdaHandler } from '../stream-runner/read-stream.ts';

// The stream runner of `npm start`: calls the bundled Lambdas, which read their configuration from its environment.

const load = async <Handler>(file: string): Promise<Handler> => (await import(pathToFileURL(file).href)).handler;

const [rowsFile, indexFile, pushFile, queuePort] = process.argv.slice(2);
if (!rowsFile || !indexFile || !pushFile) throw new Error('The files of the three Lambdas are required');
const stack = readOrExit(readStackEnv);
const queue = startPushQueue(stack, await load(pushFile));
await serveQueue(queue, Number(queuePort));
const [rows, index] = await Promise.all([rowsFile, indexFile].map(load<LambdaHandler>));
if (rows && index) runStream(stack, { rows, index }, queue);
