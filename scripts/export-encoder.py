"""Exports a Hugging Face speech encoder to ONNX, as the stage kind features/encoder runs it.

    python -m venv /tmp/venv
    /tmp/venv/bin/pip install torch "transformers<5" onnx onnxscript onnxruntime
    /tmp/venv/bin/python scripts/export-encoder.py FOLDER OUT [--dtypes fp32 fp16 int8] [--check WAV ...]

FOLDER is what the hub gives: config.json, preprocessor_config.json and pytorch_model.bin or model.safetensors, of
Wav2Vec2, HuBERT, WavLM, Data2VecAudio, UniSpeech or Whisper; a head, such as a CTC layer, is left out. OUT gets the
two configurations and onnx/, laid out as transformers.js expects:

- model.onnx (of Whisper: encoder_model.onnx): fp32;
- …_fp16.onnx: weights stored as fp16 and computed with as fp32, half as large and as fast as fp32;
- …_int8.onnx: the MatMuls with constant weights in int8, per channel. Convolutions stay fp32: quantised ones destroy
  the embeddings. So may single MatMuls: --keep names those that stay fp32, and --check shows what int8 costs.

Graph: input_values [batch, samples] or input_features [batch, mels, frames] gives last_hidden_state
[batch, frames, size] and hidden_states [layers + 1, batch, frames, size], numbered as transformers does: 0 is the
input of the first block, n the output of block n. The time axis is dynamic. There is no attention mask: run clips
one by one, unpadded, since padding enters the statistics of the first group norm, mask or not.

Every file is compared with PyTorch, at lengths that were not exported; an fp32 file that differs by more than 1e-3
in any frame is an error.
"""

import argparse
import inspect
import json
import shutil
import sys
import wave
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from transformers import AutoFeatureExtractor, AutoModel

SAMPLING_RATE = 16000
FP32_TOLERANCE = 1e-3
SMALLEST_FP16_TENSOR = 256


class WaveformEncoder(torch.nn.Module):
    """Any encoder that takes samples and lists its hidden states."""

    input_name, time_axis, file_name = "input_values", 1, "model"

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_values):
        outputs = self.model(input_values, output_hidden_states=True, return_dict=True)
        return outputs.last_hidden_state, torch.stack(tuple(outputs.hidden_states))

    def example(self, seconds):
        return torch.randn(1, round(seconds * SAMPLING_RATE), generator=torch.Generator().manual_seed(0))


class WhisperEncoder(torch.nn.Module):
    """Whisper's encoder without its insistence on exactly 30 s: the same arithmetic over as many frames as there are."""

    input_name, time_axis, file_name = "input_features", 2, "encoder_model"

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        accepted = inspect.signature(encoder.layers[0].forward).parameters
        self.options = {name: None for name in ("layer_head_mask",) if name in accepted}

    def forward(self, input_features):
        encoder, gelu = self.encoder, torch.nn.functional.gelu
        x = gelu(encoder.conv2(gelu(encoder.conv1(input_features)))).permute(0, 2, 1)
        x = x + encoder.embed_positions.weight[: x.shape[1]]
        states = []
        for layer in encoder.layers:
            states.append(x)
            x = layer(x, None, **self.options)
            x = x[0] if isinstance(x, tuple) else x
        x = encoder.layer_norm(x)
        states.append(x)
        return x, torch.stack(states)

    def example(self, seconds):
        mels = self.encoder.conv1.in_channels
        return torch.randn(1, mels, round(seconds * 100), generator=torch.Generator().manual_seed(0)) * 0.5


def load(folder):
    """The encoder of a folder, in eval mode, with every weight present."""
    model, info = AutoModel.from_pretrained(
        folder, local_files_only=True, output_loading_info=True, attn_implementation="eager"
    )
    # masked_spec_embed is used in training only.
    missing = [name for name in info["missing_keys"] if not name.endswith("masked_spec_embed")]
    if missing:
        sys.exit(f"{folder}: {len(missing)} weights are missing, such as {missing[0]}: these are not its weights")
    model = model.eval().float()
    if model.config.model_type == "whisper":
        return WhisperEncoder(model.get_encoder()).eval()
    remove_weight_norm(model)
    norm_single_channels(model)
    return WaveformEncoder(model).eval()


def remove_weight_norm(model):
    """Folds the weight norm of the position convolution into its weights."""
    for module in model.modules():
        if torch.nn.utils.parametrize.is_parametrized(module, "weight"):
            torch.nn.utils.parametrize.remove_parametrizations(module, "weight")
        elif hasattr(module, "weight_g"):
            torch.nn.utils.remove_weight_norm(module)


def norm_single_channels(model):
    """
    Group norm with a group for each channel is instance norm, of which the graph has one operator; of group norm it has
    three, each of which goes through all of the longest sequence.
    """
    for parent in list(model.modules()):
        for name, norm in list(parent.named_children()):
            if isinstance(norm, torch.nn.GroupNorm) and norm.num_groups == norm.num_channels:
                same = torch.nn.InstanceNorm1d(norm.num_channels, eps=norm.eps, affine=True)
                same.load_state_dict(norm.state_dict())
                setattr(parent, name, same.eval())


def export_fp32(encoder, path):
    axes = {
        encoder.input_name: {0: "batch_size", encoder.time_axis: "sequence_length"},
        "last_hidden_state": {0: "batch_size", 1: "frames"},
        "hidden_states": {1: "batch_size", 2: "frames"},
    }
    with torch.no_grad():
        torch.onnx.export(
            encoder,
            (encoder.example(1.3),),
            path,
            dynamo=False,
            opset_version=17,
            do_constant_folding=True,
            input_names=[encoder.input_name],
            output_names=["last_hidden_state", "hidden_states"],
            dynamic_axes=axes,
        )
    declare_outputs(path, encoder)


def declare_outputs(path, encoder):
    """Writes the sizes that are known into the outputs' shapes: readers learn the number of layers from there."""
    with torch.no_grad():
        last, states = encoder(encoder.example(0.5))
    shapes = {
        "last_hidden_state": ["batch_size", "frames", last.shape[-1]],
        "hidden_states": [states.shape[0], "batch_size", "frames", last.shape[-1]],
    }
    model = onnx.load(path)
    del model.graph.output[:]
    for name, shape in shapes.items():
        model.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
    onnx.checker.check_model(model)
    onnx.save(model, path)


def store_as_fp16(source, target):
    """Stores the weights as fp16, each behind a Cast to fp32, which onnxruntime folds when it loads the graph."""
    model = onnx.load(source)
    graph = model.graph
    casts = []
    for tensor in list(graph.initializer):
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < SMALLEST_FP16_TENSOR:
            continue
        if np.abs(values).max() > np.finfo(np.float16).max:
            continue
        graph.initializer.remove(tensor)
        graph.initializer.append(numpy_helper.from_array(values.astype(np.float16), f"{tensor.name}_fp16"))
        casts.append(
            helper.make_node(
                "Cast", [f"{tensor.name}_fp16"], [tensor.name], name=f"{tensor.name}_cast", to=TensorProto.FLOAT
            )
        )
    nodes = casts + list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, target)


def quantise_matmuls(source, target, keep):
    """Makes the MatMuls with constant weights int8, per channel, but those whose names hold one of `keep`."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    names = [node.name for node in onnx.load(source).graph.node if node.op_type == "MatMul"]
    excluded = [name for name in names if any(part in name for part in keep)]
    for part in keep:
        if not any(part in name for name in names):
            sys.exit(f"--keep {part}: no MatMul has this in its name; there are {', '.join(names[:12])} …")
    quantize_dynamic(
        source,
        target,
        op_types_to_quantize=["MatMul"],
        nodes_to_exclude=excluded,
        per_channel=True,
        weight_type=QuantType.QUInt8,
    )


def compare(encoder, path, inputs):
    """Against PyTorch, over all states of all inputs: the largest difference, and the least centred cosine."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    largest, cosine = 0.0, 1.0
    for example in inputs:
        with torch.no_grad():
            expected = encoder(example)[1].numpy()
        (states,) = session.run(["hidden_states"], {encoder.input_name: example.numpy()})
        if states.shape != expected.shape:
            sys.exit(f"{path}: shape {states.shape} where PyTorch gives {expected.shape}")
        largest = max(largest, float(np.abs(states - expected).max()))
        for state, reference in zip(states, expected):
            # Centred over time: what is common to all frames says nothing, and would hide a loss.
            a, b = ((s - s.mean(1, keepdims=True)).astype(np.float64).ravel() for s in (state, reference))
            cosine = min(cosine, float(a @ b / np.sqrt((a @ a) * (b @ b) + 1e-30)))
    return largest, cosine


def read_clip(path, extractor, encoder):
    """A 16-bit mono recording at 16 kHz, or at a multiple of it, as the encoder's input."""
    with wave.open(str(path)) as file:
        step, rest = divmod(file.getframerate(), SAMPLING_RATE)
        if rest or file.getnchannels() != 1 or file.getsampwidth() != 2:
            sys.exit(f"{path}: not 16-bit mono at a multiple of {SAMPLING_RATE} Hz")
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")[::step].astype(np.float32) / 32768
    if encoder.input_name == "input_features":
        return torch.from_numpy(extractor._np_extract_fbank_features(samples[np.newaxis], "cpu").astype(np.float32))
    return extractor(samples, sampling_rate=SAMPLING_RATE, return_tensors="pt").input_values


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the encoder as the hub gives it")
    parser.add_argument("out", type=Path, help="where to put the configurations and onnx/")
    parser.add_argument("--dtypes", nargs="+", choices=("fp32", "fp16", "int8"), default=["fp32"])
    parser.add_argument("--keep", nargs="*", default=[], help="int8: parts of the names of MatMuls that stay fp32")
    parser.add_argument("--check", nargs="*", type=Path, default=[], help="recordings to compare with PyTorch on")
    arguments = parser.parse_args()

    encoder = load(arguments.folder)
    graphs = arguments.out / "onnx"
    graphs.mkdir(parents=True, exist_ok=True)
    for name in ("config.json", "preprocessor_config.json"):
        if arguments.folder.resolve() != arguments.out.resolve():
            shutil.copyfile(arguments.folder / name, arguments.out / name)

    paths = {
        "fp32": graphs / f"{encoder.file_name}.onnx",
        "fp16": graphs / f"{encoder.file_name}_fp16.onnx",
        "int8": graphs / f"{encoder.file_name}_int8.onnx",
    }
    export_fp32(encoder, paths["fp32"])
    if "fp16" in arguments.dtypes:
        store_as_fp16(paths["fp32"], paths["fp16"])
    if "int8" in arguments.dtypes:
        quantise_matmuls(paths["fp32"], paths["int8"], arguments.keep)

    inputs = [encoder.example(seconds) for seconds in (0.31, 1.7, 3.7)]
    if arguments.check:
        extractor = AutoFeatureExtractor.from_pretrained(arguments.folder, local_files_only=True)
        inputs = [read_clip(path, extractor, encoder) for path in arguments.check]
    report = {}
    for dtype in ("fp32", *(d for d in arguments.dtypes if d != "fp32")):
        difference, cosine = compare(encoder, paths[dtype], inputs)
        megabytes = paths[dtype].stat().st_size / 1e6
        report[dtype] = {"MB": round(megabytes, 1), "largestDifference": difference, "leastCentredCosine": cosine}
        print(f"{paths[dtype]}: {json.dumps(report[dtype])}", flush=True)
        if dtype == "fp32" and difference > FP32_TOLERANCE:
            sys.exit(f"fp32 differs from PyTorch by {difference:.1e}, more than {FP32_TOLERANCE}")
    if "fp32" not in arguments.dtypes:
        paths["fp32"].unlink()


if __name__ == "__main__":
    main()
