import { compile } from 'html-to-text';

const convert = compile({
  wordwrap: false,
  limits: { maxInputLength: 1_000_000, maxDepth: 200 },
  formatters: {
    // A picture says what its description says; a pixel without one says nothing.
    alt: (element, _walk, builder) => builder.addInline(String(element.attribs?.alt ?? '')),
  },
  selectors: [
    // The line a mailbox shows beside the subject is hidden in the page; here it would be read twice.
    { selector: '[style*="display:none"]', format: 'skip' },
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['(', ')'] } },
    { selector: 'img', format: 'alt' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
});

/** A page as plain text, for who reads no HTML: blocks become paragraphs, a link keeps its address behind it in brackets. */
export const textOf = (html: string): string => `${convert(html).trim()}\n`;
