import { StoreError } from '../object-store.ts';

interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly code?: string;
}

/** The status of an answer that was a refusal. */
export function statusOf(error: unknown): number | undefined {
  return (error as SdkError).$metadata?.httpStatusCode;
}

const credentials =
  'Give credentials as for any tool of AWS: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.';

const hints: Readonly<Record<string, string>> = {
  NoSuchBucket: 'Make the bucket, or correct its name.',
  CredentialsProviderError: credentials,
  InvalidAccessKeyId: credentials,
  SignatureDoesNotMatch: credentials,
  ExpiredToken: 'Sign in again: the credentials have expired.',
};

/** What went wrong with a request, in words; the reason of the signal where that is what ended it. */
export function s3Error(error: unknown, address: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (!(error instanceof Error) || error instanceof StoreError) return error;
  const { name, message, code } = error as SdkError;
  const status = statusOf(error);
  const denied = status === 403 && (name === 'AccessDenied' || name === 'Forbidden' || name === '403');
  const hint = message.startsWith('Region is missing')
    ? 'Name the region: AWS_REGION, or ?region= in the address.'
    : hints[name];
  const words = denied ? 'access denied' : said(name, message, code, status);
  return new StoreError(`${address}: ${words}`, {
    cause: error,
    ...(denied && { reason: 'denied' }),
    ...(hint !== undefined && { hint }),
  });
}

/** Not every server gives its refusals a text, and some connections end with no more than a code. */
function said(name: string, message: string, code: string | undefined, status: number | undefined): string {
  const text = message === '' || message === 'UnknownError' ? (code ?? name) : message;
  return status === undefined ? text : `${text} (${status})`;
}
