/* Vectors of 128 bits whose lanes hold independent signals: every lane goes through the same arithmetic. */
#pragma once

#include <wasm_simd128.h>

typedef double Double2 __attribute__((vector_size(16)));
typedef float Float4 __attribute__((vector_size(16)));

#define EXPORT(name) __attribute__((export_name(#name)))
