import { createRequire } from 'node:module';
import type { Engine } from 'mrml';

// Loaded at the first MJML template: two megabytes of WebAssembly that most processes never need.
let loaded: Engine | undefined;
const engine = (): Engine => {
  if (loaded !== undefined) return loaded;
  const mrml = createRequire(import.meta.url)('mrml') as typeof import('mrml');
  loaded = new mrml.Engine();
  // Without the built-in list of web fonts: fetching one would tell its host who opens the mail.
  loaded.setRenderOptions({ disableComments: false, socialIconOrigin: null, fonts: {} });
  return loaded;
};

// A program's template is the same for everybody it is sent to.
const compiled = new Map<string, string>();
const mostCompiled = 50;

/** MJML as the HTML that mail programs understand, template tags left in place. Throws an `Error` that says what is wrong with it. */
export function htmlOfMjml(mjml: string): string {
  const known = compiled.get(mjml);
  if (known !== undefined) return known;
  const result = engine().toHtml(mjml);
  if (result.type === 'error') throw new Error(`the MJML cannot be read: ${result.message}`);
  if (compiled.size >= mostCompiled) compiled.clear();
  compiled.set(mjml, result.content);
  return result.content;
}
