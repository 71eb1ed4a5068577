import { pathToFileURL } from 'node:url';
import { type Result, success } from '../../../errors.ts';
import { optionalPackage } from '../../../optional-package.ts';

/**
 * What this folder uses of the AWS SDK, in its own words, but typed here: the SDK is no dependency of the product, and
 * need not be there when it is built or checked.
 */
export interface S3Sdk {
  readonly S3Client: new (config: S3ClientConfig) => S3Client;
  readonly GetObjectCommand: CommandOf<ObjectName>;
  readonly HeadObjectCommand: CommandOf<ObjectName>;
  readonly DeleteObjectCommand: CommandOf<ObjectName>;
  readonly PutObjectCommand: CommandOf<
    ObjectName & { readonly Body: Uint8Array; readonly IfNoneMatch?: '*' }
  >;
  readonly ListObjectsV2Command: CommandOf<{
    readonly Bucket: string;
    readonly Prefix: string;
    readonly ContinuationToken?: string;
  }>;
  /** Of @aws-sdk/lib-storage. */
  readonly Upload: new (options: {
    readonly client: S3Client;
    readonly params: ObjectName & { readonly Body: NodeJS.ReadableStream };
    readonly partSize: number;
    readonly queueSize: number;
    readonly abortController: AbortController;
  }) => { done(): Promise<unknown> };
}

type CommandOf<Input> = new (input: Input) => object;

interface ObjectName {
  readonly Bucket: string;
  readonly Key: string;
}

export interface S3ClientConfig {
  readonly endpoint?: string;
  readonly region?: string;
  readonly forcePathStyle: boolean;
  readonly followRegionRedirects: boolean;
  readonly maxAttempts: number;
  readonly requestChecksumCalculation: 'WHEN_REQUIRED';
  readonly responseChecksumValidation: 'WHEN_REQUIRED';
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: boolean;
    readonly socketTimeout: number;
  };
}

export interface S3Client {
  send(command: object, options: { readonly abortSignal: AbortSignal }): Promise<S3Answer>;
  destroy(): void;
}

/** What of the answers to all commands is looked at. */
export interface S3Answer {
  readonly Body?: AsyncIterable<Uint8Array> & { destroy(error?: Error): void };
  readonly ContentLength?: number;
  readonly LastModified?: Date;
  readonly Contents?: readonly { readonly Key: string; readonly Size: number; readonly LastModified: Date }[];
  readonly NextContinuationToken?: string;
}

const packages = ['@aws-sdk/client-s3', '@aws-sdk/lib-storage'] as const;

/** Loads the SDK when it is called for; fails at once, with the way out, where it is not installed. */
export function findS3Sdk(home: string): Result<() => Promise<S3Sdk>> {
  const paths: string[] = [];
  for (const name of packages) {
    const path = optionalPackage(name, { home, part: 's3', neededFor: 'a cache in s3://' });
    if (!path.ok) return path;
    paths.push(path.value);
  }
  let loading: Promise<S3Sdk> | undefined;
  return success(() => (loading ??= load(paths)));
}

async function load(paths: readonly string[]): Promise<S3Sdk> {
  // Its version is pinned: which lines of Node its next ones leave behind is no concern of those who run this one.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const modules = await Promise.all(
    paths.map(
      (path) => import(pathToFileURL(path).href) as Promise<Partial<S3Sdk> & { default?: Partial<S3Sdk> }>,
    ),
  );
  return Object.assign({}, ...modules.map((module) => ({ ...module.default, ...module }))) as S3Sdk;
}
