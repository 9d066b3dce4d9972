import { createVapidKeys, parseVapidKeys, type VapidKeys } from '@cruddur/config/vapid-keys';
import { type CommandIo, operatorCommand } from '../cli/command.ts';
import { refused } from '../cli/errors.ts';
import { type OperatorSession, openSession } from '../cli/session.ts';
import { awsKeyStore, type KeyStore, localKeyStore } from './key-store.ts';

export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/push/keys', {
    summary:
      'Creates the keys by which push services know Cruddur Messages (VAPID), if there are none, and prints the public one. ' +
      'With --rotate, replaces them: devices keep the former key until their page is opened again. Never prints a private key. ' +
      'On prod they are in the secret that VAPID_SECRET_ID names.',
    examples: [
      'bin/push/keys',
      'VAPID_SECRET_ID=$(out CruddurPush VapidSecretArn) bin/push/keys prod',
      'bin/push/keys prod --rotate',
    ],
  })
    .option('--rotate', 'replace the keys; three former ones are kept')
    .action(async (where, options) => {
      const { rotate = false } = options;
      const session = await openSession(io, where, options, { services: ['dynamodb'] });
      const store = storeOf(session);
      try {
        const existing = parseVapidKeys((await store.read()) ?? '');
        const isKept = existing !== undefined && !rotate;
        const keys = isKept ? existing : createVapidKeys(existing);
        if (!isKept) await store.write(JSON.stringify(keys));
        await print(session, keys, isKept ? 'present' : existing ? 'rotated' : 'created');
      } finally {
        store.close();
      }
    });

function storeOf({ target, io }: OperatorSession): KeyStore {
  if (!target.prod) return localKeyStore(target.localDataDir);
  const secretId = io.env.VAPID_SECRET_ID;
  if (!secretId) throw refused('On prod, VAPID_SECRET_ID must be set: the secret of CruddurPush.');
  return awsKeyStore(target.region, secretId);
}

async function print({ out, target }: OperatorSession, keys: VapidKeys, outcome: 'present' | 'rotated' | 'created') {
  const { publicKey, previous } = keys;
  const next = target.prod
    ? `Set pushPublicKey in infra/cdk.json to it and deploy CruddurApi.`
    : 'Restart the local stack to use it.';
  await out.result(
    { publicKey, outcome, former: previous.length },
    `The public key${outcome === 'present' ? '' : `, ${outcome},`} is ${publicKey}${outcome === 'present' ? '' : `\n${next}`}`,
  );
}
