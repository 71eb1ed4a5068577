/**
 * A seed of its own for each use of one seed, such as each fold, each tree or each layer. Close seeds and close
 * numbers give unrelated results (the finalizer of MurmurHash3 over each part).
 */
export function deriveSeed(seed: number, ...parts: readonly (number | string)[]): number {
  let hash = mix(seed >>> 0);
  for (const part of parts) {
    if (typeof part === 'number') hash = mix(hash ^ mix((part >>> 0) + 0x9e3779b9));
    else for (let i = 0; i < part.length; i++) hash = mix(hash ^ (part.charCodeAt(i) + 0x7f4a7c15));
  }
  return hash;
}

function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
