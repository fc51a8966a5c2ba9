import type { Page } from '@enishi/plugin-sdk';

export type LinkEnd = 'connected' | 'refused' | 'expired' | 'failed';

const statuses: Readonly<Record<LinkEnd, number>> = { connected: 200, refused: 200, expired: 410, failed: 502 };

const texts: Readonly<Record<'en' | 'ja', Readonly<Record<LinkEnd, readonly [title: string, text: string]>>>> = {
  en: {
    connected: ['Connected', 'Your account is connected. You can close this page.'],
    refused: ['Not connected', 'Nothing was connected. You can close this page.'],
    expired: ['This link has expired', 'It can be used once, within ten minutes. Please go back and start again.'],
    failed: ['That did not work', 'Your account could not be connected now. Please go back and start again in a while.'],
  },
  ja: {
    connected: ['連携が完了しました', 'アカウントが連携されました。このページを閉じてかまいません。'],
    refused: ['連携されませんでした', 'アカウントは連携されていません。このページを閉じてかまいません。'],
    expired: ['リンクの有効期限が切れました', 'このリンクは10分以内に一度だけ使えます。元のページに戻ってもう一度お試しください。'],
    failed: ['連携できませんでした', 'ただいまアカウントを連携できません。しばらくしてから元のページでもう一度お試しください。'],
  },
};

/** The first of English and Japanese that the browser asks for; English where it asks for neither. */
export function languageOf(accepted: string | undefined): 'en' | 'ja' {
  const wanted = (accepted ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const weight = Number(/^\s*q=([\d.]+)/.exec(parameters.join(';'))?.[1] ?? 1);
      return { language: tag.split('-', 1)[0] ?? '', weight };
    })
    .filter(({ weight }) => weight > 0)
    .sort((left, right) => right.weight - left.weight);
  const found = wanted.find(({ language }) => language === 'en' || language === 'ja');
  return found?.language === 'ja' ? 'ja' : 'en';
}

/** How a journey ended, for the person who made it. */
export function endPage(end: LinkEnd, accepted: string | undefined): Page {
  const language = languageOf(accepted);
  const [title, text] = texts[language][end];
  const style = 'body{font:1rem/1.7 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1.5rem}';
  const body = `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style><h1>${title}</h1><p>${text}</p></html>`;
  return { status: statuses[end], contentType: 'text/html; charset=utf-8', body };
}
