import { CfnParameter, type Stack } from 'aws-cdk-lib';

// Values that only a deployment knows. They have no default, so CloudFormation requires them; synthesis and tests do not.

/** The domain that page and API share. */
export function domainNameParameter(stack: Stack): string {
  return new CfnParameter(stack, 'DomainName', {
    description: 'Domain of page and API, such as messages.cruddur.example',
    allowedPattern: '^[a-z0-9-]+(\\.[a-z0-9-]+)+$',
  }).valueAsString;
}

/** ARN of the certificate for that domain. @param use - for the description */
export function certificateParameter(stack: Stack, use: string): string {
  return new CfnParameter(stack, 'CertificateArn', {
    description: `Certificate of that domain, ${use}`,
    allowedPattern: '^arn:aws[a-z-]*:acm:[a-z0-9-]+:\\d{12}:certificate/.+$',
  }).valueAsString;
}
