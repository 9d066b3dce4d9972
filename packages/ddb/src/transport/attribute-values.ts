import { convertToAttr, convertToNative } from '@aws-sdk/util-dynamodb';
import { fromBase64, toBase64 } from '@smithy/core/serde';

/** An attribute value as DynamoDB's JSON has it: `{ S: 'text' }`, and base64 for bytes. */
export interface AttributeJson {
  S?: string;
  B?: string;
  BS?: string[];
  L?: AttributeJson[];
  M?: Attributes;
}

export type Attributes = Record<string, AttributeJson>;
type Binary = Parameters<typeof toBase64>[0];

/** Marshals the values of an item or a key. Those that are undefined are left out. */
export function toAttributes(values: object): Attributes {
  const attributes: Attributes = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && typeof value !== 'function') attributes[name] = toAttribute(value);
  }
  return attributes;
}

export function fromAttributes(attributes: Attributes): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(attributes)) values[name] = fromAttribute(attributes[name] ?? {});
  return values;
}

/** Most values are strings. Sets, numbers and their limits are the SDK's. */
function toAttribute(value: unknown): AttributeJson {
  if (typeof value === 'string') return { S: value };
  return encodeBinary(convertToAttr(value, { removeUndefinedValues: true }) as AttributeJson);
}

function encodeBinary(attribute: AttributeJson): AttributeJson {
  const { B, BS, L, M } = attribute;
  if (L !== undefined) return { L: L.map(encodeBinary) };
  if (M !== undefined)
    return { M: Object.fromEntries(Object.entries(M).map(([name, each]) => [name, encodeBinary(each)])) };
  if (B !== undefined) return { B: toBase64(B as Binary) };
  if (BS !== undefined) return { BS: BS.map((each) => toBase64(each as Binary)) };
  return attribute;
}

function fromAttribute(attribute: AttributeJson): unknown {
  const { S, B, BS, L, M } = attribute;
  if (S !== undefined) return S;
  if (M !== undefined) return fromAttributes(M);
  if (L !== undefined) return L.map(fromAttribute);
  if (B !== undefined) return fromBase64(B);
  if (BS !== undefined) return new Set(BS.map(fromBase64));
  return convertToNative(attribute as Parameters<typeof convertToNative>[0]);
}
