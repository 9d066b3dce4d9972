import { App, type AppProps } from 'aws-cdk-lib';
import { z } from 'zod';
import { VaultStack } from './vault-stack.ts';

const ACCOUNT = z.string().regex(/^\d{12}$/);

const schema = z
  .object({ region: z.string(), account: ACCOUNT, sourceAccount: ACCOUNT })
  .refine(({ account, sourceAccount }) => account !== sourceAccount, {
    path: ['account'],
    message: 'must be another account than sourceAccount, whose data is copied',
  });

/**
 * Creates the stack of the other account, whose context is `region`, `account` and `sourceAccount`.
 *
 * @throws Error that names what is missing
 */
export function buildVaultApp(props: AppProps = {}) {
  const app = new App(props);
  const result = schema.safeParse(
    Object.fromEntries(Object.keys(schema.shape).map((name) => [name, app.node.tryGetContext(name)])),
  );
  if (!result.success) throw new Error(`The settings are invalid.\n${z.prettifyError(result.error)}`);
  const { sourceAccount, ...env } = result.data;
  return { app, stack: new VaultStack(app, 'CruddurVault', { env, sourceAccount }) };
}
