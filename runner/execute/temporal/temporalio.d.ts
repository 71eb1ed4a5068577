/**
 * What this folder uses of Temporal's TypeScript SDK, version 1.24. The packages are an optional peer and need not be
 * there when the runner is checked; where they are, these declarations stand before theirs.
 */

declare module '@temporalio/workflow' {
  export class ActivityFailure extends Error {
    override readonly cause: Error | undefined;
  }
  export class CancelledFailure extends Error {}
  export class ApplicationFailure extends Error {
    readonly type: string | null | undefined;
    readonly details: unknown[];
    static create(options: {
      readonly type: string;
      readonly message: string;
      readonly nonRetryable: boolean;
      readonly details?: readonly unknown[];
    }): ApplicationFailure;
  }
  export function isCancellation(error: unknown): boolean;
  export function proxyActivities<T>(options: {
    readonly activityId: string;
    readonly taskQueue: string;
    readonly startToCloseTimeout: string;
    readonly heartbeatTimeout: string;
    readonly retry: {
      readonly initialInterval: string;
      readonly backoffCoefficient: number;
      readonly maximumInterval: string;
      readonly maximumAttempts: number;
    };
  }): T;
}

declare module '@temporalio/activity' {
  export { ApplicationFailure, CancelledFailure } from '@temporalio/workflow';
  export class Context {
    static current(): Context;
    readonly info: { readonly activityId: string; readonly attempt: number };
    readonly cancellationSignal: AbortSignal;
    readonly cancelled: Promise<never>;
    heartbeat(details?: unknown): void;
  }
}

declare module '@temporalio/worker' {
  import type { ConnectionOptions } from '@temporalio/client';

  export class NativeConnection {
    static connect(options: ConnectionOptions): Promise<NativeConnection>;
    close(): Promise<void>;
  }
  export class DefaultLogger {
    readonly level: 'ERROR' | 'WARN' | 'INFO';
    constructor(level: DefaultLogger['level'], log: (entry: { readonly message: string }) => void);
  }
  export class Runtime {
    static install(options: {
      readonly logger: DefaultLogger;
      readonly shutdownSignals: readonly string[];
    }): Runtime;
    shutdown(): Promise<void>;
  }
  /** Hands out the permits with which a worker asks for activities. */
  export interface CustomSlotSupplier {
    readonly type: 'custom';
    /** Rejects with the signal's reason where that is aborted. */
    reserveSlot(context: object, signal: AbortSignal): Promise<object>;
    tryReserveSlot(context: object): object | null;
    markSlotUsed(context: object): void;
    releaseSlot(context: object): void;
  }
  export interface FixedSlotSupplier {
    readonly type: 'fixed-size';
    readonly numSlots: number;
  }
  export interface WorkerOptions {
    readonly connection: NativeConnection;
    readonly namespace: string;
    readonly taskQueue: string;
    readonly identity: string;
    readonly activities?: object;
    readonly workflowBundle?: { readonly code: string };
    readonly tuner?: {
      readonly workflowTaskSlotSupplier: FixedSlotSupplier;
      readonly activityTaskSlotSupplier: CustomSlotSupplier;
      readonly localActivityTaskSlotSupplier: FixedSlotSupplier;
      readonly nexusTaskSlotSupplier: FixedSlotSupplier;
    };
    readonly maxConcurrentWorkflowTaskExecutions?: number;
    readonly workflowThreadPoolSize?: number;
    readonly maxCachedWorkflows?: number;
    readonly shutdownGraceTime?: string;
    readonly maxHeartbeatThrottleInterval?: string;
    readonly defaultHeartbeatThrottleInterval?: string;
  }
  export class Worker {
    static create(options: WorkerOptions): Promise<Worker>;
    run(): Promise<void>;
    shutdown(): void;
    getState(): string;
  }
  export function bundleWorkflowCode(options: {
    readonly workflowsPath: string;
    readonly logger?: DefaultLogger;
    readonly webpackConfigHook?: (config: WebpackConfig) => WebpackConfig;
  }): Promise<{ readonly code: string }>;
  export interface WebpackConfig {
    readonly resolve?: { readonly modules?: readonly string[] };
  }
}

declare module '@temporalio/client' {
  export interface TlsOptions {
    readonly serverNameOverride?: string;
    readonly serverRootCACertificate?: Uint8Array;
    readonly clientCertPair?: { readonly crt: Uint8Array; readonly key: Uint8Array };
  }
  export interface ConnectionOptions {
    readonly address: string;
    readonly tls?: TlsOptions | boolean;
    readonly apiKey?: string;
    readonly connectTimeout?: string;
  }
  export interface Payloads {
    readonly payloads?: readonly { readonly data?: Uint8Array | null }[] | null;
  }
  export interface Failure {
    readonly message?: string | null;
    readonly applicationFailureInfo?: {
      readonly type?: string | null;
      readonly details?: Payloads | null;
    } | null;
    readonly timeoutFailureInfo?: object | null;
    readonly canceledFailureInfo?: object | null;
    readonly cause?: Failure | null;
  }
  interface Scheduled {
    readonly scheduledEventId?: Long | null;
  }
  /** A 64-bit number of protobuf. */
  export type Long = number | { toString(): string };
  /** An event of a workflow's history. */
  export interface HistoryEvent {
    readonly eventId?: Long | null;
    readonly activityTaskScheduledEventAttributes?: { readonly activityId?: string | null } | null;
    readonly activityTaskCompletedEventAttributes?:
      (Scheduled & { readonly result?: Payloads | null }) | null;
    readonly activityTaskFailedEventAttributes?: (Scheduled & { readonly failure?: Failure | null }) | null;
    readonly activityTaskTimedOutEventAttributes?: (Scheduled & { readonly failure?: Failure | null }) | null;
    readonly activityTaskCanceledEventAttributes?: Scheduled | null;
    readonly workflowExecutionCompletedEventAttributes?: object | null;
    readonly workflowExecutionFailedEventAttributes?: { readonly failure?: Failure | null } | null;
    readonly workflowExecutionCanceledEventAttributes?: object | null;
    readonly workflowExecutionTerminatedEventAttributes?: { readonly reason?: string | null } | null;
    readonly workflowExecutionTimedOutEventAttributes?: object | null;
  }
  export interface PendingActivity {
    readonly activityId?: string | null;
    readonly attempt?: number | null;
    readonly heartbeatDetails?: Payloads | null;
    readonly lastFailure?: Failure | null;
    readonly lastWorkerIdentity?: string | null;
  }
  export class Connection {
    static connect(options: ConnectionOptions): Promise<Connection>;
    readonly workflowService: {
      getWorkflowExecutionHistory(request: {
        readonly namespace: string;
        readonly execution: { readonly workflowId: string; readonly runId: string };
        readonly nextPageToken?: Uint8Array;
        readonly waitNewEvent: boolean;
      }): Promise<{
        readonly history?: { readonly events?: readonly HistoryEvent[] | null } | null;
        readonly nextPageToken?: Uint8Array | null;
      }>;
      describeTaskQueue(request: {
        readonly namespace: string;
        readonly taskQueue: { readonly name: string };
        /** 1: of workflow tasks, 2: of activity tasks. */
        readonly taskQueueType: 1 | 2;
      }): Promise<{ readonly pollers?: readonly object[] | null }>;
    };
    withAbortSignal<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
    withDeadline<T>(deadline: number, work: () => Promise<T>): Promise<T>;
    close(): Promise<void>;
  }
  export interface WorkflowDescription {
    readonly status: { readonly name: string };
    readonly runId: string;
    readonly startTime: Date;
    readonly closeTime?: Date;
    readonly raw: { readonly pendingActivities?: readonly PendingActivity[] | null };
  }
  export interface WorkflowHandle {
    readonly workflowId: string;
    describe(): Promise<WorkflowDescription>;
    cancel(): Promise<unknown>;
  }
  export class Client {
    constructor(options: { readonly connection: Connection; readonly namespace: string });
    readonly workflow: {
      start(
        workflowType: string,
        options: {
          readonly workflowId: string;
          readonly taskQueue: string;
          readonly args: readonly unknown[];
          readonly workflowIdConflictPolicy: 'USE_EXISTING';
          readonly workflowIdReusePolicy: 'ALLOW_DUPLICATE';
          readonly memo?: Readonly<Record<string, unknown>>;
          readonly staticSummary?: string;
        },
      ): Promise<WorkflowHandle & { readonly firstExecutionRunId: string }>;
      getHandle(workflowId: string, runId?: string): WorkflowHandle;
    };
  }
}
