/** What the libraries of the import map look like to the type checker. */

declare module "katex" {
  global {
    var katex: {
      renderToString(tex: string, options: Record<string, unknown>): string;
    };
  }
}

declare module "highlight.js" {
  const hljs: {
    highlight(code: string, options: { language: string; ignoreIllegals?: boolean }): { value: string };
    getLanguage(name: string): unknown;
    registerLanguage(name: string, language: unknown): void;
  };
  export default hljs;
}

declare module "highlight.js/*.js" {
  const language: unknown;
  export default language;
}
