/** The text of a cell; the bundler and the test runner load it. */
declare module '*.rnn' {
  const text: string;
  export default text;
}
