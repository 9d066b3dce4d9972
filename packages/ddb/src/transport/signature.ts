import { createHmac, hash } from 'node:crypto';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

export interface UnsignedRequest {
  host: string;
  path: string;
  /** Such as `DynamoDB_20120810.GetItem`. */
  target: string;
  body: string;
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** Signs requests to DynamoDB by AWS Signature Version 4. The key of a day is derived once. */
export function createSigner({ accessKeyId, secretAccessKey, sessionToken }: Credentials, region: string) {
  let keyDay = '';
  let key: Buffer = Buffer.alloc(0);
  const token = sessionToken === undefined ? [] : ['x-amz-security-token', sessionToken];
  const names = `content-type;host;x-amz-date;${sessionToken === undefined ? '' : 'x-amz-security-token;'}x-amz-target`;

  /** The headers of a request as names and values in turn. */
  return ({ host, path, target, body }: UnsignedRequest, now: Date): string[] => {
    const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
    const day = time.slice(0, 8);
    const scope = `${day}/${region}/dynamodb/aws4_request`;
    if (day !== keyDay) {
      key = [day, region, 'dynamodb', 'aws4_request'].reduce<Buffer | string>(hmac, `AWS4${secretAccessKey}`) as Buffer;
      keyDay = day;
    }
    const headers = ['content-type', 'application/x-amz-json-1.0', 'host', host, 'x-amz-date', time];
    headers.push(...token, 'x-amz-target', target);
    let canonical = `POST\n${path}\n\n`;
    for (let i = 0; i < headers.length; i += 2) canonical += `${headers[i]}:${headers[i + 1]}\n`;
    canonical += `\n${names}\n${hash('sha256', body)}`;
    const signature = createHmac('sha256', key)
      .update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash('sha256', canonical)}`)
      .digest('hex');
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    return [...headers, 'authorization', authorization];
  };
}
