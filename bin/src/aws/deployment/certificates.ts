import {
  ACMClient,
  type CertificateDetail,
  DescribeCertificateCommand,
  paginateListCertificates,
  RequestCertificateCommand,
} from '@aws-sdk/client-acm';
import { failed } from '../../cli/errors.ts';
import { type AwsSession, waitUntil } from '../aws-command.ts';

/** DNS may take its time. */
const MINUTES = 72 * 60;

/**
 * Finds the domain's certificate in a region, or requests one, and waits until it is issued.
 *
 * @returns its ARN
 */
export async function ensureCertificate(aws: AwsSession, domain: string, region: string): Promise<string> {
  const acm = aws.client(ACMClient, region);
  const arn = (await findCertificate(acm, domain)) ?? (await requestCertificate(acm, domain));
  let isShown = false;
  await waitUntil(aws, { until: `the certificate in ${region} is issued`, minutes: MINUTES }, async () => {
    const certificate = await describe(acm, arn);
    if (certificate.Status === 'ISSUED') return true;
    if (certificate.Status !== 'PENDING_VALIDATION') {
      throw failed(
        `The certificate ${arn} is ${certificate.Status} (${certificate.FailureReason ?? 'no reason given'}): delete it and try again.`,
      );
    }
    const record = certificate.DomainValidationOptions?.[0]?.ResourceRecord;
    if (record && !isShown)
      aws.out.say(`Add this record to the DNS of ${domain}: ${record.Name} CNAME ${record.Value}`);
    isShown ||= record !== undefined;
    return undefined;
  });
  return arn;
}

async function findCertificate(acm: ACMClient, domain: string): Promise<string | undefined> {
  const query = { CertificateStatuses: ['ISSUED', 'PENDING_VALIDATION'] as ('ISSUED' | 'PENDING_VALIDATION')[] };
  const found: { arn: string; isIssued: boolean }[] = [];
  for await (const { CertificateSummaryList = [] } of paginateListCertificates({ client: acm }, query)) {
    for (const { DomainName, CertificateArn, Status } of CertificateSummaryList) {
      if (DomainName === domain && CertificateArn) found.push({ arn: CertificateArn, isIssued: Status === 'ISSUED' });
    }
  }
  return (found.find(({ isIssued }) => isIssued) ?? found[0])?.arn;
}

async function requestCertificate(acm: ACMClient, domain: string): Promise<string> {
  // ACM answers a repeated request within an hour with the same certificate.
  const IdempotencyToken = domain.replaceAll(/\W/g, '').slice(-32);
  const command = new RequestCertificateCommand({ DomainName: domain, ValidationMethod: 'DNS', IdempotencyToken });
  const { CertificateArn } = await acm.send(command);
  if (CertificateArn === undefined) throw failed('ACM returned no certificate.');
  return CertificateArn;
}

async function describe(acm: ACMClient, CertificateArn: string): Promise<CertificateDetail> {
  return (await acm.send(new DescribeCertificateCommand({ CertificateArn }))).Certificate ?? {};
}
