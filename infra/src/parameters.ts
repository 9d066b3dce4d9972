import { CfnParameter, type Stack } from 'aws-cdk-lib';
import { Certificate, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';

// Values that only a deployment knows. They have no default, so CloudFormation requires them; synthesis and tests do not.

export function domainNameParameter(stack: Stack): string {
  return new CfnParameter(stack, 'DomainName', {
    description: 'Domain of page and API, such as messages.cruddur.example',
    allowedPattern: '^[a-z0-9-]+(\\.[a-z0-9-]+)+$',
  }).valueAsString;
}

export function certificateParameter(stack: Stack, use: string): ICertificate {
  const { valueAsString: arn } = new CfnParameter(stack, 'CertificateArn', {
    description: `Certificate of that domain, ${use}`,
    allowedPattern: '^arn:aws[a-z-]*:acm:[a-z0-9-]+:\\d{12}:certificate/.+$',
  });
  return Certificate.fromCertificateArn(stack, 'Certificate', arn);
}
