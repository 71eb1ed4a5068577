"""PyTorch's side of the encoder benchmark: answers one JSON request a line with a JSON line."""

import json
import sys
from time import perf_counter

import numpy as np
import torch
import transformers
from torch.utils.flop_counter import FlopCounterMode
from transformers import AutoFeatureExtractor, AutoModel

folder, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
torch.set_grad_enabled(False)
model = AutoModel.from_pretrained(folder, local_files_only=True).eval().float()
extractor = AutoFeatureExtractor.from_pretrained(folder, local_files_only=True)


def encode(request):
    """Reads float32 samples, preprocesses and encodes them; writes the last hidden state where asked to."""
    samples = np.fromfile(request["samples"], np.float32)
    start = perf_counter()
    inputs = extractor(samples, sampling_rate=extractor.sampling_rate, return_tensors="pt")
    state = model(inputs.input_values).last_hidden_state
    seconds = perf_counter() - start
    if "write" in request:
        state.numpy().tofile(request["write"])
    return {"seconds": seconds, "frames": state.shape[1]}


def flops(request):
    """Multiplications and additions of convolutions and matrix products of one clip."""
    counter = FlopCounterMode(display=False)
    with counter:
        model(torch.zeros(1, request["count"]))
    return {"flops": counter.get_total_flops()}


def gemm(request):
    """The rate of this machine's best square float32 matrix product."""
    size = request["size"]
    a, b = torch.randn(size, size), torch.randn(size, size)
    start = perf_counter()
    for _ in range(4):
        a @ b
    return {"flopsPerSecond": 4 * 2 * size**3 / (perf_counter() - start)}


print(json.dumps({"torch": torch.__version__, "transformers": transformers.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"encode": encode, "flops": flops, "gemm": gemm}[request["do"]](request)), flush=True)
