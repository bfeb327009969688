/** A list of src/diff/differences, compiled by build-plugin.mjs. */
declare module 'differences:*' {
  const list: import('./difference.ts').DifferenceList;
  export default list;
}
