/** What the build makes from other files (build-plugin.mjs): compiled contracts and schema validators. */
declare module '*.yaml' {
  const contract: import('./contract.ts').Contract;
  export default contract;
}

declare module 'validator:*' {
  const validate: {
    (value: unknown): boolean;
    readonly errors?: readonly unknown[] | null;
  };
  export default validate;
}
