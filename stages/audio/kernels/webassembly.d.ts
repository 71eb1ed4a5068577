/** The part of the WebAssembly interface that the kernels use; TypeScript has it only among the browser's types. */
declare namespace WebAssembly {
  interface Module {
    readonly [Symbol.toStringTag]: 'WebAssembly.Module';
  }

  interface Instance {
    readonly exports: unknown;
  }

  const Module: new (bytes: Uint8Array) => Module;
  const Instance: new (module: Module) => Instance;

  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
}
