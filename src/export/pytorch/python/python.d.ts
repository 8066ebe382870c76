/** The text of a Python file; the bundler and the test runner load it. */
declare module '*.py' {
  const text: string;
  export default text;
}
