import { CfnParameter, type Stack } from 'aws-cdk-lib';

// What only a deployment knows. None has a default: CloudFormation refuses to begin without them, while templates can be
// made and tested without.

/** The one domain of page and API. */
export function domainNameParameter(stack: Stack): string {
  return new CfnParameter(stack, 'DomainName', {
    description: 'The one domain of page and API, such as messages.cruddur.example',
    allowedPattern: '^[a-z0-9-]+(\\.[a-z0-9-]+)+$',
  }).valueAsString;
}

/** ARN of the certificate for that domain. */
export function certificateParameter(stack: Stack, whose: string): string {
  return new CfnParameter(stack, 'CertificateArn', {
    description: `Certificate of that domain, ${whose}`,
    allowedPattern: '^arn:aws[a-z-]*:acm:[a-z0-9-]+:\\d{12}:certificate/.+$',
  }).valueAsString;
}
