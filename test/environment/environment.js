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
  constructor(config, context) {
    super(config, context);
    for (const name of BINARY_TYPES) this.global[name] = globalThis[name];
    for (const name of ERROR_TYPES) acceptInstancesOf(this.global[name], globalThis[name]);
  }
}

/** Makes `value instanceof inner` true for instances of `outer` too; subclasses of `inner` are left as they are. */
function acceptInstancesOf(inner, outer) {
  const ordinary = Function.prototype[Symbol.hasInstance];
  Object.defineProperty(inner, Symbol.hasInstance, {
    configurable: true,
    value(candidate) {
      return ordinary.call(this, candidate) || (this === inner && ordinary.call(outer, candidate));
    },
  });
}
