/** A use of a trained model. Features ask for one of these, and not for a model's task. */
export type Capability =
  /** Suggests what comes next in a text. */
  | 'suggest'
  /** Continues a text from a position on. */
  | 'generate'
  /** Writes a sample of its own, without a text before it. */
  | 'sample'
  /** Measures the surprise of each token of a text. */
  | 'surprise'
  /** Shows what its units follow in a text. */
  | 'units'
  /** Fills in what is missing in the rows of a document. */
  | 'fill'
  /** Names the class of a row. */
  | 'classify'
  /** Predicts the number of a row, and says how sure it is. */
  | 'predict a number'
  /** Names the tags of tokens. */
  | 'tag'
  /** Writes a text for another one. */
  | 'rewrite'
  /** Continues a table of numbers, at least by the next row. */
  | 'forecast'
  /** Suggests the next rows at the end of a table of numbers. */
  | 'suggest rows'
  /** Is exported for web pages, as a model that writes text. */
  | 'export for the web'
  /** Is exported for PyTorch. */
  | 'export for PyTorch'
  /** Is exported as ONNX. */
  | 'export as ONNX'
  /** Is trained again, or goes on, on its text as it is now. */
  | 'train again';
