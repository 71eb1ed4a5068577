import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { clip, encode, setUp, signal, TINY } from './clips.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'encoder-'));
  await cp(TINY, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

async function editConfig(file: string, change: object): Promise<void> {
  const path = join(folder, file);
  const config = JSON.parse(await readFile(path, 'utf8')) as object;
  await writeFile(path, JSON.stringify({ ...config, ...change }));
}

function failure(message: RegExp | string, place: unknown, hint: string): object {
  return {
    name: 'StageFailure',
    message: typeof message === 'string' ? message : expect.stringMatching(message),
    place,
    hint: expect.stringContaining(hint),
  };
}

describe('a clip that does not fit', () => {
  it('at another rate is refused by name, and the right rate is named', async () => {
    const stage = await setUp({});
    const outcome = Promise.resolve(stage.run(clip(signal(48_000), 48_000)));
    await expect(outcome).rejects.toMatchObject(
      failure('the clip is at 48000 Hz and the encoder wants 16000 Hz', 'a/clip.wav', 'sampleRate: 16000'),
    );
    await stage.close?.();
  });

  it('too short for one frame is refused by name', async () => {
    await expect(encode({}, signal(399))).rejects.toMatchObject(
      failure(/399 samples and the encoder needs 400/, 'a/clip.wav', 'take the recording out'),
    );
    expect((await encode({}, signal(400))).frames).toBe(1);
  });

  it('without audio columns is refused', async () => {
    await expect(setUp({}, { columns: { features: { type: 'tensor', shape: [4] } } })).rejects.toMatchObject({
      name: 'StageFailure',
    });
  });
});

describe('a folder that is no encoder', () => {
  it('is asked for where none is configured', async () => {
    await expect(setUp({ model: null })).rejects.toMatchObject(
      failure('no model folder is configured', 'features/encoder: model', 'docs/encoders.md'),
    );
  });

  it('is named with the file that is missing', async () => {
    await rm(join(folder, 'preprocessor_config.json'));
    await expect(setUp({ model: folder })).rejects.toMatchObject(
      failure('the file is missing', join(folder, 'preprocessor_config.json'), 'docs/encoders.md'),
    );
    await expect(setUp({ model: join(folder, 'nowhere') })).rejects.toMatchObject(
      failure('the file is missing', join(folder, 'nowhere', 'config.json'), 'docs/encoders.md'),
    );
  });

  it('is named with the file that is broken', async () => {
    await writeFile(join(folder, 'config.json'), '{"model_type":');
    await expect(setUp({ model: folder })).rejects.toMatchObject(
      failure(/is not JSON/, join(folder, 'config.json'), 'download it again'),
    );
    await writeFile(join(folder, 'config.json'), '{"hidden_size": 48}');
    await expect(setUp({ model: folder })).rejects.toMatchObject(
      failure(/model_type/, join(folder, 'config.json'), 'belongs to the model'),
    );
  });

  it('of another family is refused, and the known ones are named', async () => {
    await editConfig('config.json', { model_type: 'bert' });
    await expect(setUp({ model: folder })).rejects.toMatchObject(
      failure('bert is no encoder that is known here', join(folder, 'config.json'), 'wav2vec2, '),
    );
  });

  it('without a size, or with another than the graph has, is refused', async () => {
    await editConfig('config.json', { hidden_size: 64 });
    await expect(encode({ model: folder }, signal(5000))).rejects.toMatchObject(
      failure(
        'the graph gives frames of 48 values, config.json says 64',
        join(folder, 'onnx/model.onnx'),
        '',
      ),
    );
    await editConfig('config.json', { hidden_size: undefined });
    await expect(setUp({ model: folder })).rejects.toMatchObject(
      failure(/neither hidden_size nor d_model/, join(folder, 'config.json'), ''),
    );
  });

  it('without the graph asked for is refused, and what is there is named', async () => {
    await expect(setUp({ model: folder, dtype: 'fp16' })).rejects.toMatchObject(
      failure('there is no model_fp16.onnx', join(folder, 'onnx'), 'model.onnx'),
    );
    await rm(join(folder, 'onnx'), { recursive: true });
    await expect(setUp({ model: folder })).rejects.toMatchObject(
      failure('there is no model.onnx nor model_fp16.onnx', join(folder, 'onnx'), 'export-encoder.py'),
    );
  });

  it('with a damaged graph is refused', async () => {
    const path = join(folder, 'onnx', 'model.onnx');
    await writeFile(path, (await readFile(path)).subarray(0, 10_000));
    await expect(setUp({ model: folder })).rejects.toMatchObject(failure(/cannot be loaded/, path, 'again'));
  });
});

describe('layers that the graph does not have', () => {
  it('are refused, and those that it has are named', async () => {
    await expect(setUp({ layers: [1, 3] })).rejects.toMatchObject(
      failure('there is no layer 3', join(TINY, 'onnx/model.onnx'), 'numbers from 0 to 2'),
    );
  });
});

describe('a graph in the layout of another family', () => {
  it('runs the same for HuBERT and WavLM', async () => {
    const wav2vec2 = await encode({}, signal(16_000));
    for (const model_type of ['hubert', 'wavlm']) {
      await editConfig('config.json', { model_type });
      expect(await encode({ model: folder }, signal(16_000))).toEqual(wav2vec2);
    }
  });

  it('leaves the samples as they are where the preprocessor does not normalise', async () => {
    await editConfig('preprocessor_config.json', { do_normalize: false });
    const quiet = signal(16_000).map((value) => value * 1e-3);
    const plain = await encode({ model: folder }, quiet);
    expect(plain).not.toEqual(await encode({}, quiet));
  });

  it('has no note where the weights are not random', async () => {
    await editConfig('config.json', { random_weights: undefined });
    const stage = await setUp({ model: folder });
    expect(stage.notes).toEqual([]);
    await stage.close?.();
  });
});
