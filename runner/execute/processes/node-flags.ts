import { readFileSync } from 'node:fs';

let flags: readonly string[] | undefined;

/**
 * Flags of Node for the processes of stages. V8 reserves 8 GB of addresses for a WebAssembly memory, so that it need not
 * check bounds itself; where addresses are limited (`ulimit -v`, some batch systems) it must do without.
 */
export function nodeFlags(): readonly string[] {
  return (flags ??= isAddressSpaceLimited() ? ['--disable-wasm-trap-handler'] : []);
}

function isAddressSpaceLimited(): boolean {
  try {
    const line = /^Max address space\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    return line !== null && line[1] !== 'unlimited';
  } catch {
    // Other systems than Linux do not say.
    return false;
  }
}
