import type { Page } from '@enishi/plugin-sdk';

const shell = (body: string): string => `<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>配信停止 / Unsubscribe</title>
<style>body{font-family:system-ui,sans-serif;max-width:32em;margin:3em auto;padding:0 1em;line-height:1.7}button{font:inherit;padding:.6em 1.2em}</style>
</head>
<body>
${body}
</body>
</html>
`;

const page = (status: number, body: string): Page => ({ status, contentType: 'text/html; charset=utf-8', body: shell(body) });

/** `t***@example.jp`: enough to recognise one's own address, not enough to learn somebody else's from a forwarded mail. */
const masked = (email: string): string => {
  const at = email.lastIndexOf('@');
  return `${email.slice(0, 1)}***${email.slice(at)}`.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
};

/** Only asks. A link is opened by scanners and previews too, so opening it changes nothing; the form posts back to the same address. */
export const askPage = (email: string): Page =>
  page(
    200,
    `<h1>メールの配信停止</h1>
<p>${masked(email)} への案内メールの配信を停止します。よろしければボタンを押してください。</p>
<p lang="en">Stop our marketing e-mail to ${masked(email)}? Press the button to confirm.</p>
<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button type="submit">配信を停止する / Unsubscribe</button></form>`,
  );

export const donePage = (): Page =>
  page(
    200,
    `<h1>配信を停止しました</h1>
<p>今後、案内メールはお送りしません。</p>
<p lang="en">You are unsubscribed. We will send you no more marketing e-mail.</p>`,
  );

export const invalidPage = (): Page =>
  page(
    400,
    `<h1>このリンクは使えません</h1>
<p>リンクが途中で切れていないか、メールをもう一度ご確認ください。</p>
<p lang="en">This link does not work. Please check that it was copied whole.</p>`,
  );
