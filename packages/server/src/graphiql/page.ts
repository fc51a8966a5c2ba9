import { createHash } from 'node:crypto';
import { clientScript } from './client.ts';
import { tabs } from './tabs.ts';

const styles = `
html,body{height:100%;margin:0}
body{display:flex;flex-direction:column;font:14px/1.4 system-ui,sans-serif}
header{display:flex;gap:.75rem;align-items:center;padding:.4rem .8rem;background:#1f2430;color:#f3f3f3}
header b{letter-spacing:.02em}header small{opacity:.75}
header input{flex:1;max-width:34rem;padding:.35rem .5rem;border:1px solid #555;border-radius:4px;background:#11151c;color:inherit;font:inherit}
header button{padding:.3rem .6rem;border:1px solid #555;border-radius:4px;background:transparent;color:inherit;font:inherit;cursor:pointer}
#state{color:#8fd18f;min-width:2.5rem}
#graphiql{flex:1;min-height:0}`;

const digest = (text: string): string => createHash('sha256').update(text).digest('base64');

/** Nothing from other places, no inline script; the editor writes inline styles and carries its fonts in its style sheet. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self' ws: wss:",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

// "<" would let a query text close the script element that carries it.
const json = JSON.stringify(tabs).replaceAll('<', '\\u003c');

const version = digest(clientScript).slice(0, 8).replaceAll(/\W/g, '');

export const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Enishi · GraphiQL</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="graphiql/graphiql.css">
<style>${styles}</style>
</head>
<body>
<header>
<b>縁 Enishi</b>
<label for="key">API key</label>
<input id="key" type="password" autocomplete="off" spellcheck="false" placeholder="eni_… (enishi key create)">
<span id="state" role="status"></span>
<button id="reset" type="button" title="Throw away your tabs and show the prepared ones / タブを初期状態に戻す">Prepared tabs</button>
<small>one tab per audience · 立場ごとのタブ</small>
</header>
<main id="graphiql"></main>
<script type="application/json" id="tabs">${json}</script>
<script src="graphiql/react.js"></script>
<script src="graphiql/react-dom.js"></script>
<script src="graphiql/graphql-ws.js"></script>
<script src="graphiql/graphiql.js"></script>
<script src="graphiql/client.js?${version}"></script>
</body>
</html>
`;
