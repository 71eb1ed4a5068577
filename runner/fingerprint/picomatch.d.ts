/** What is used of picomatch, which brings no declarations. */
declare module 'picomatch' {
  interface Options {
    /** Whether wildcards match a dot at the beginning of a name. */
    readonly dot?: boolean;
    /** Of the regular expressions that are made. */
    readonly flags?: string;
  }
  interface Scan {
    /** The folder before the first part that is a pattern. */
    readonly base: string;
    /** The rest; empty where nothing is a pattern. */
    readonly glob: string;
  }
  function picomatch(pattern: string, options?: Options): (text: string) => boolean;
  namespace picomatch {
    function scan(pattern: string): Scan;
  }
  export = picomatch;
}
