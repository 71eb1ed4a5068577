import { join } from 'node:path';
import { AutoConfig, AutoFeatureExtractor, env, LogLevel, PreTrainedModel } from '@huggingface/transformers';
import { StageFailure } from '../../../runner/kind/index.ts';
import { graphFile, inputOfModelType, readEncoderFolder } from './model-folder.ts';
import type { Dtype } from './params.ts';

export interface FetchModelOptions {
  /** As on the hub, `owner/name`. */
  readonly name: string;
  /** The folder under which `owner/name` is laid. */
  readonly folder: string;
  readonly dtype: Dtype;
  /** The hub's address. */
  readonly host: string;
  readonly progress: (file: string, loaded: number, total: number) => void;
}

/**
 * Brings an encoder from the hub into a folder, by transformers.js, and loads it once to see that it runs. Files that
 * are there already are not asked for, so that a second call needs no network. Returns the encoder's own folder.
 * Throws StageFailure.
 */
export async function fetchEncoder(options: FetchModelOptions): Promise<string> {
  const { name, folder, dtype, host } = options;
  env.remoteHost = host;
  env.allowLocalModels = false;
  env.logLevel = LogLevel.ERROR;
  const shared = {
    cache_dir: folder,
    progress_callback: (event: { status: string; file?: string; loaded?: number; total?: number }): void => {
      if (event.status === 'progress')
        options.progress(event.file ?? '', event.loaded ?? 0, event.total ?? 0);
    },
  };
  const file = async <Result>(what: string, load: () => Promise<Result>): Promise<Result> => {
    try {
      return await load();
    } catch (error) {
      throw asFailure(error, what, options);
    }
  };
  const config = await file('config.json', () => AutoConfig.from_pretrained(name, shared));
  const modelType = String((config as unknown as { model_type: unknown }).model_type);
  const input = inputOfModelType(modelType, `${name}: config.json`);
  await file('preprocessor_config.json', () => AutoFeatureExtractor.from_pretrained(name, shared));
  const model = await file(`the graph of dtype ${dtype}`, () =>
    PreTrainedModel.from_pretrained(name, {
      ...shared,
      dtype,
      model_file_name: input === 'log-mel' ? 'encoder_model' : 'model',
    }),
  );
  await model.dispose();
  const encoder = await readEncoderFolder(join(folder, name));
  await graphFile(encoder, dtype);
  return encoder.folder;
}

function asFailure(error: unknown, what: string, { name, host }: FetchModelOptions): unknown {
  if (!(error instanceof Error)) return error;
  // By its name and not its class: the class is not among those that the package exports in every version.
  if (error.name === 'ModelFileNotFoundError') {
    return new StageFailure(`${what} of ${name} is not on the hub, or not open: ${error.message}`, {
      place: name,
      hint: what.startsWith('the graph')
        ? 'take another --dtype, or a repository with a folder onnx/; of PyTorch weights, scripts/export-encoder.py makes one (see docs/encoders.md)'
        : 'see whether the name is right, as in facebook/wav2vec2-base; HF_TOKEN opens repositories that need a login',
    });
  }
  if (isUnreachable(error)) {
    return new StageFailure(`the hub cannot be reached: ${reasonOf(error)}`, {
      place: host,
      hint: 'connect and run the command again, name a mirror with --host, or copy the folder from elsewhere (see docs/encoders.md)',
    });
  }
  return new StageFailure(`${what} cannot be loaded: ${error.message}`, {
    place: name,
    hint: 'delete what was fetched of it, and run the command again',
  });
}

/** fetch says "fetch failed" of names that do not resolve and hosts that do not answer, "terminated" of cut transfers. */
function isUnreachable(error: Error): boolean {
  return (
    error.message === 'fetch failed' || error.message === 'terminated' || error.message.startsWith('Error (5')
  );
}

function reasonOf(error: Error): string {
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}
