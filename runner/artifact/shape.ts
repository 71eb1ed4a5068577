/** Values in a tensor of this shape; `[]` is the shape of a single number. */
export function sizeOfShape(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
