import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type CognitoIdentityProviderClient,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  type CognitoUser,
  createCognitoClient,
  ensureCognitoAccount,
  getCognitoProfile,
  listCognitoUsers,
} from '@cruddur/cognito';
import { type CognitoEngine, startCognito } from '@cruddur/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const dataDir = mkdtempSync(path.join(tmpdir(), 'cruddur-cognito-'));
const password = 'Cruddur-2026!';
const WEB_ORIGIN = 'http://localhost:3000';
let engine: CognitoEngine;
let client: CognitoIdentityProviderClient;

async function start(port?: number): Promise<void> {
  const webOrigins = [WEB_ORIGIN];
  engine = await startCognito({
    dataDir,
    logFile: path.join(dataDir, 'cognito.log'),
    webOrigins,
    ...(port ? { port } : {}),
  });
  client = createCognitoClient({ region: 'ca-central-1', endpoint: engine.endpoint, embedded: true });
}

beforeAll(() => start());
afterAll(async () => {
  await engine.stop();
  await rm(dataDir, { recursive: true });
});

async function signIn(name: string, secret = password) {
  const AuthParameters = { USERNAME: name, PASSWORD: secret };
  const command = { ClientId: engine.clientId, AuthFlow: 'USER_PASSWORD_AUTH' as const, AuthParameters };
  const { AuthenticationResult: tokens } = await client.send(new InitiateAuthCommand(command));
  return { accessToken: tokens?.AccessToken ?? '', refreshToken: tokens?.RefreshToken ?? '', tokens };
}

function signUp(handle: string, email: string) {
  const UserAttributes = [
    { Name: 'email', Value: email },
    { Name: 'name', Value: `The ${handle}` },
  ];
  return client.send(
    new SignUpCommand({ ClientId: engine.clientId, Username: handle, Password: password, UserAttributes }),
  );
}

function confirm(handle: string, code = '123456') {
  const command = { ClientId: engine.clientId, Username: handle, ConfirmationCode: code };
  return client.send(new ConfirmSignUpCommand(command));
}

function refresh(refreshToken: string) {
  const command = { ClientId: engine.clientId, RefreshToken: refreshToken };
  return client.send(new GetTokensFromRefreshTokenCommand(command));
}

describe('ensureCognitoAccount', () => {
  const account = { handle: 'londo', displayName: 'Londo Mollari', email: 'londo@cruddur.example', password };

  it('creates an account that signs in by handle and by e-mail address, whatever the case', async () => {
    const sub = await ensureCognitoAccount(client, engine.userPoolId, account);
    for (const name of ['londo', 'Londo', 'londo@cruddur.example', 'LONDO@cruddur.example']) {
      const { accessToken } = await signIn(name);
      expect(await getCognitoProfile(client, accessToken)).toEqual({
        sub,
        handle: 'londo',
        displayName: 'Londo Mollari',
        email: 'londo@cruddur.example',
        emailVerified: true,
      });
    }
  });

  it('does not change an existing account', async () => {
    const sub = await ensureCognitoAccount(client, engine.userPoolId, account);
    expect(await ensureCognitoAccount(client, engine.userPoolId, { ...account, password: 'Another-2026!' })).toBe(sub);
    await signIn('londo');
    const users: CognitoUser[] = [];
    for await (const user of listCognitoUsers(client, engine.userPoolId)) users.push(user);
    expect(users.filter((user) => user.handle === 'londo')).toEqual([
      {
        sub,
        handle: 'londo',
        displayName: 'Londo Mollari',
        email: 'londo@cruddur.example',
        emailVerified: true,
        status: 'CONFIRMED',
      },
    ]);
  });
});

describe('a person who signs up', () => {
  it('signs in by handle or e-mail address once confirmed, not before', async () => {
    await signUp('delenn', 'delenn@minbar.example');
    await expect(signIn('delenn')).rejects.toThrow('User is not confirmed.');
    await expect(confirm('delenn', '000000')).rejects.toMatchObject({ name: 'CodeMismatchException' });
    await confirm('delenn');
    const { accessToken, tokens } = await signIn('delenn@minbar.example');
    expect(tokens).toMatchObject({ TokenType: 'Bearer', ExpiresIn: 3600 });
    expect(await getCognitoProfile(client, accessToken)).toMatchObject({ handle: 'delenn', displayName: 'The delenn' });
  });

  it('may change their name, but neither handle nor the state of their address, at sign-up or later', async () => {
    await signUp('kosh', 'kosh@vorlon.example');
    await confirm('kosh');
    const { accessToken } = await signIn('kosh');
    const write = (Name: string, Value: string) =>
      client.send(new UpdateUserAttributesCommand({ AccessToken: accessToken, UserAttributes: [{ Name, Value }] }));
    await write('name', 'Kosh');
    for (const [name, value] of [
      ['preferred_username', 'londo'],
      ['email_verified', 'true'],
    ] as const) {
      await expect(write(name, value)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
      const UserAttributes = [{ Name: name, Value: value }];
      const request = { ClientId: engine.clientId, Username: 'naranek', Password: password, UserAttributes };
      await expect(client.send(new SignUpCommand(request))).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    }
    expect(await getCognitoProfile(client, accessToken)).toMatchObject({ handle: 'kosh', displayName: 'Kosh' });
  });

  it('receives another code on demand, until confirmed', async () => {
    await signUp('vir', 'vir@centauri.example');
    const resend = () => client.send(new ResendConfirmationCodeCommand({ ClientId: engine.clientId, Username: 'vir' }));
    expect((await resend()).CodeDeliveryDetails).toMatchObject({ AttributeName: 'email', DeliveryMedium: 'EMAIL' });
    await confirm('vir');
    await expect(resend()).rejects.toThrow('User is already confirmed.');
  });

  it('is refused a handle or an e-mail address that is taken', async () => {
    await signUp('lennier', 'lennier@minbar.example');
    await confirm('lennier');
    await expect(signUp('Lennier', 'x@minbar.example')).rejects.toMatchObject({ name: 'UsernameExistsException' });
    await signUp('lennier2', 'Lennier@minbar.example');
    await expect(confirm('lennier2')).rejects.toMatchObject({ name: 'AliasExistsException' });
    await expect(signUp('a@b.example', 'a@b.example')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('sessions', () => {
  beforeAll(async () => {
    const account = { handle: 'garibaldi', displayName: 'G', email: 'garibaldi@b5.example', password };
    await ensureCognitoAccount(client, engine.userPoolId, account);
  });

  it('are renewed by refresh token', async () => {
    const { AuthenticationResult } = await refresh((await signIn('garibaldi')).refreshToken);
    expect(AuthenticationResult).toMatchObject({ TokenType: 'Bearer', ExpiresIn: 3600 });
    const profile = await getCognitoProfile(client, AuthenticationResult?.AccessToken ?? '');
    expect(profile.handle).toBe('garibaldi');
  });

  it('all end at a global sign-out', async () => {
    const [here, elsewhere] = [await signIn('garibaldi'), await signIn('garibaldi')];
    await client.send(new GlobalSignOutCommand({ AccessToken: here.accessToken }));
    await expect(refresh(here.refreshToken)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await expect(refresh(elsewhere.refreshToken)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await refresh((await signIn('garibaldi')).refreshToken);
  });

  it('survive a restart, even many that were opened at once', async () => {
    const sessions = await Promise.all(Array.from({ length: 20 }, () => signIn('garibaldi')));
    const port = Number(new URL(engine.endpoint).port);
    await engine.stop();
    expect(await engine.exited).toMatchObject({ name: 'Cognito', expected: true });
    await start(port);
    for (const { refreshToken } of sessions) await refresh(refreshToken);
  });
});

describe('refusals', () => {
  it('are the same for a wrong password and an unknown name', async () => {
    for (const attempt of [() => signIn('londo', 'wrong'), () => signIn('nobody')]) {
      await expect(attempt()).rejects.toMatchObject({
        name: 'NotAuthorizedException',
        message: 'Incorrect username or password.',
      });
    }
  });

  it.each(['nonsense', 'a.b.c'])('refuses %j as an access token', async (token) => {
    await expect(getCognitoProfile(client, token)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  it('refuses an access token that was altered', async () => {
    const [head = '', body = '', signature = ''] = (await signIn('londo')).accessToken.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'somebody-else' })).toString('base64url');
    await expect(getCognitoProfile(client, [head, forged, signature].join('.'))).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    });
  });

  it('answer only pages of the web origin', async () => {
    const ask = (method: string, headers: Record<string, string>) =>
      fetch(engine.endpoint, {
        method,
        headers: { 'x-amz-target': 'AWSCognitoIdentityProviderService.ListUsers', ...headers },
        ...(method === 'POST' ? { body: JSON.stringify({ UserPoolId: engine.userPoolId }) } : {}),
      });
    const type = { 'content-type': 'application/x-amz-json-1.1' };
    expect(
      (await ask('POST', { ...type, origin: WEB_ORIGIN })).headers.get('access-control-allow-origin'),
    ).not.toBeNull();
    for (const origin of ['https://evil.example', 'null', 'http://localhost:3001', `${WEB_ORIGIN}.evil.example`]) {
      for (const method of ['POST', 'OPTIONS']) {
        const answer = await ask(method, { ...type, origin });
        expect([answer.status, answer.headers.get('access-control-allow-origin'), await answer.text()]).toEqual([
          403,
          null,
          '',
        ]);
      }
    }
  });

  it('mask the address that a code goes to', async () => {
    const signedUp = await signUp('zathras', 'zathras@epsilon.example');
    const forgotten = await client.send(new ForgotPasswordCommand({ ClientId: engine.clientId, Username: 'zathras' }));
    for (const { CodeDeliveryDetails: details } of [signedUp, forgotten])
      expect(details?.Destination).toBe('z***@e***');
  });

  it('refuse names that are longer than AWS allows', async () => {
    await expect(signIn('x'.repeat(129))).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('do not reveal who has an account', async () => {
    const unknown = { ClientId: engine.clientId, Username: 'nobody' };
    const resent = await client.send(new ResendConfirmationCodeCommand(unknown));
    const forgotten = await client.send(new ForgotPasswordCommand(unknown));
    for (const answer of [resent, forgotten]) expect(answer.CodeDeliveryDetails?.DeliveryMedium).toBe('EMAIL');
    await expect(confirm('nobody')).rejects.toMatchObject({ name: 'ExpiredCodeException' });
  });
});

it('resets a password by code, and not without one', async () => {
  await ensureCognitoAccount(client, engine.userPoolId, {
    handle: 'ivanova',
    displayName: 'S. Ivanova',
    email: 'ivanova@b5.example',
    password,
  });
  const reset = (code: string) =>
    client.send(
      new ConfirmForgotPasswordCommand({
        ClientId: engine.clientId,
        Username: 'ivanova@b5.example',
        ConfirmationCode: code,
        Password: 'God-Sent-2026!',
      }),
    );
  await expect(reset('123456')).rejects.toMatchObject({ name: 'CodeMismatchException' });
  await client.send(new ForgotPasswordCommand({ ClientId: engine.clientId, Username: 'ivanova@b5.example' }));
  await reset('123456');
  await signIn('ivanova', 'God-Sent-2026!');
  await expect(signIn('ivanova')).rejects.toThrow('Incorrect username or password.');
});

it('answers a browser on another port', async () => {
  const answer = await fetch(engine.endpoint, {
    method: 'OPTIONS',
    headers: {
      origin: 'http://localhost:3000',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-amz-target,x-amz-user-agent,cache-control',
    },
  });
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(answer.headers.get('access-control-allow-headers')).toContain('x-amz-target');
});
