// The editor's theme as colours for a canvas. VS Code puts them on the document as CSS variables.

export interface Theme {
  readonly foreground: string;
  readonly grid: string;
  readonly training: string;
  readonly validation: string;
  readonly gradient: string;
  readonly reference: string;
  readonly clipped: string;
  readonly tooltip: string;
  /** The colours of lines of which there are several of one kind. */
  readonly several: readonly string[];
  readonly font: string;
  readonly monospace: string;
  /** The size of the font in pixels. */
  readonly fontSize: number;
  readonly highContrast: boolean;
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const variable = (name: string, otherwise: string) =>
    style.getPropertyValue(`--vscode-${name}`).trim() || otherwise;
  const foreground = variable('foreground', style.color);
  const highContrast = document.body.className.includes('vscode-high-contrast');
  return {
    foreground,
    // High-contrast themes have no faint lines.
    grid: highContrast ? foreground : `color-mix(in srgb, ${foreground} 14%, transparent)`,
    training: variable('charts-blue', foreground),
    validation: variable('charts-yellow', foreground),
    gradient: variable('charts-green', foreground),
    reference: variable('descriptionForeground', foreground),
    clipped: variable('charts-red', foreground),
    tooltip: variable('editorHoverWidget-background', style.backgroundColor),
    several: ['blue', 'orange', 'green', 'purple', 'red', 'yellow'].map((name) =>
      opaque(variable(`charts-${name}`, foreground)),
    ),
    font: style.fontFamily,
    monospace: variable('editor-font-family', 'monospace'),
    fontSize: Number.parseFloat(style.fontSize),
    highContrast,
  };
}

/** Makes a colour opaque: some themes' colours are transparent, which makes a thin line hard to see. */
function opaque(color: string): string {
  return `rgb(from ${color} r g b / 1)`;
}

/**
 * Calls `listener` when the theme changes: VS Code sets the classes of the body after it has set the
 * variables.
 */
export function onThemeChange(listener: () => void): void {
  new MutationObserver(listener).observe(document.body, {
    attributeFilter: ['class', 'data-vscode-theme-id'],
  });
}
