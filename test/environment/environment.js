import { TestEnvironment } from 'jest-environment-node';

/**
 * What native addons and Node itself hand to a test is made in the outer realm, while jest runs tests in a realm
 * of its own with its own globals. Libraries that ask `value instanceof Float32Array` would get "no" for each
 * tensor that comes out of TensorFlow or ONNX Runtime. So the tests use the outer realm's binary types.
 */
const BINARY_TYPES = [
  'ArrayBuffer',
  'SharedArrayBuffer',
  'DataView',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
];

/**
 * Errors cannot be replaced as the binary types are: those that the engine throws in a test (`null.x`) are the
 * inner realm's whatever the global says. So each inner error class also accepts its outer namesake's instances.
 */
const ERROR_TYPES = [
  'Error',
  'AggregateError',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
];

export default class PipelineEnvironment extends TestEnvironment {
  /**
   * @param {import('@jest/environment').JestEnvironmentConfig} config
   * @param {import('@jest/environment').EnvironmentContext} context
   */
  constructor(config, context) {
    super(config, context);
    /** @type {Record<string, any>} */
    const inner = this.global;
    /** @type {Record<string, any>} */
    const outer = globalThis;
    for (const name of BINARY_TYPES) inner[name] = outer[name];
    for (const name of ERROR_TYPES) acceptInstancesOf(inner[name], outer[name]);
  }
}

/**
 * Makes `value instanceof inner` true for instances of `outer` too; subclasses of `inner` are left as they are.
 * @param {Function} inner
 * @param {Function} outer
 */
function acceptInstancesOf(inner, outer) {
  const ordinary = Function.prototype[Symbol.hasInstance];
  Object.defineProperty(inner, Symbol.hasInstance, {
    configurable: true,
    /**
     * @this {Function}
     * @param {unknown} candidate
     */
    value(candidate) {
      return ordinary.call(this, candidate) || (this === inner && ordinary.call(outer, candidate));
    },
  });
}
