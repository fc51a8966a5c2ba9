import { createDesk } from '@enishi/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { message } from '../src/message.ts';
import { renderHtml, renderText, templateProblem } from '../src/template.ts';
import { write } from '../src/write.ts';
import { createMailing, deliveryOf } from './smtp.ts';

const mjml = `<mjml>
  <mj-head><mj-preview>{{firstName}}様だけのお知らせ</mj-preview></mj-head>
  <mj-body>
    <mj-section><mj-column>
      <mj-text font-size="18px"><h1>{{firstName}}様</h1><p>ありがとうございます。</p></mj-text>
      <mj-raw>{{#points}}</mj-raw><mj-text>{{points}}ポイント</mj-text><mj-raw>{{/points}}</mj-raw>
      <mj-button href="https://shop.example/?who={{email}}&amp;item={{item}}">商品を見る</mj-button>
    </mj-column></mj-section>
  </mj-body>
</mjml>`;

const evil = `"><img src=x onerror=alert(1)>'&`;

describe('a message in MJML', () => {
  it('becomes a page with tables for mail programs, and a text that reads like it', async () => {
    await using mailing = await createMailing({ footer: 'えにし屋\n東京都千代田区1-1' });
    const traits = { firstName: '花子', points: 120, item: '傘 & 靴' };
    expect(await mailing.send(deliveryOf({ text: undefined, mjml }, traits))).toMatchObject([{ status: 'delivered' }]);
    const { html = '', text = '' } = await mailing.smtp.parsed();
    expect(html).toContain('<h1>花子様</h1>');
    expect(html).toContain('<table');
    expect(html).toContain('https://shop.example/?who=hanako%40example.jp&amp;item=%E5%82%98%20%26%20%E9%9D%B4');
    expect(html).not.toMatch(/fonts\.googleapis|{{/);
    expect(text.replace(/https:\/\/cdp\.example\S+\)/, 'LINK)').trim()).toBe(
      [
        '花子様',
        'ありがとうございます。',
        '120ポイント',
        '商品を見る (https://shop.example/?who=hanako%40example.jp&item=%E5%82%98%20%26%20%E9%9D%B4)',
        'えにし屋\n東京都千代田区1-1\n配信停止 / Unsubscribe (LINK)',
      ].join('\n\n'),
    );
  });

  it('is refused where it cannot be read, includes files, or does not close its tags', () => {
    const problemOf = (value: string): string | undefined =>
      message
        .safeParse({ subject: 's', mjml: value })
        .error?.issues.map((issue) => issue.message)
        .join();
    expect(problemOf(mjml)).toBeUndefined();
    expect(problemOf('<mjml><mj-body><mj-text>x</mj-body></mjml>')).toMatch(/cannot be read/);
    expect(problemOf('<mjml><mj-body><mj-include path="/etc/passwd" /></mj-body></mjml>')).toMatch(/cannot be read/);
    expect(problemOf('<mjml><mj-body><mj-text>{{#a}}</mj-text></mj-body></mjml>')).toMatch(/Unclosed section/);
    expect(
      problemOf('<mjml><mj-body><mj-section><mj-column><mj-text color="{{c}}">x</mj-text></mj-column></mj-section></mj-body></mjml>'),
    ).toMatch(/made safe/);
    expect(problemOf('no mjml')).toMatch(/cannot be read/);
  });

  it('stands instead of HTML, never beside it, and something must be written', () => {
    expect(message.safeParse({ subject: 's', mjml, html: '<p>x</p>' }).success).toBe(false);
    expect(message.safeParse({ subject: 's' }).success).toBe(false);
    expect(message.safeParse({ subject: 's', html: '<p>x</p>' }).success).toBe(true);
  });
});

describe('a value in a page', () => {
  it.each([
    ['<p>{{x}}</p>', '<p>&quot;&gt;&lt;img src&#x3D;x onerror&#x3D;alert(1)&gt;&#39;&amp;</p>'],
    ['<p title="{{x}}">', '<p title="&quot;&gt;&lt;img src&#x3D;x onerror&#x3D;alert(1)&gt;&#39;&amp;">'],
    ['<a href="https://x.example/?q={{x}}">', '<a href="https://x.example/?q=%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&#39;%26">'],
    ["<a href='{{x}}'>", "<a href=''>"],
  ])('is made safe for its place: %s', (template, expected) => {
    expect(renderHtml(template, { x: evil })).toBe(expected);
  });

  it('leads only to pages, mailboxes and telephones', () => {
    const link = (url: string): string => renderHtml('<a href="{{url}}">', { url });
    expect(link('javascript:alert(1)')).toBe('<a href="">');
    expect(link(' data:text/html,x')).toBe('<a href="">');
    expect(link('https://x.example/?a=1&b=2')).toBe('<a href="https:&#x2F;&#x2F;x.example&#x2F;?a&#x3D;1&amp;b&#x3D;2">');
    expect(renderHtml('<a href="{{#on}}{{url}}{{/on}}">', { on: true, url: 'javascript:x' })).toBe('<a href="">');
  });

  it.each([
    '<p style="color:{{x}}">',
    '<style>{{x}}</style>',
    '<script>{{x}}</script>',
    '<p onclick="{{x}}">',
    '<p title={{x}}>',
    '<p {{x}}>',
    '<!-- {{x}} -->',
    '<!doctype {{x}}>',
    '<!--[if {{x}}]><p></p><![endif]-->',
    '<iframe srcdoc="{{x}}">',
    '<p>{{#a}}<b style="{{x}}">{{/a}}</p>',
  ])('is refused where nothing makes it safe: %s', (template) => {
    expect(templateProblem(template, 'html')).toMatch(/made safe/);
    expect(renderHtml(template, { x: evil, a: true })).not.toContain('onerror');
  });

  it('may decide on what an element has, and stand in what only Outlook reads', () => {
    for (const sound of [
      '<p {{#vip}}class="vip"{{/vip}}>',
      '<!--[if mso]><p>{{x}}</p><![endif]-->',
      '<title>{{x}}</title>',
      '<p class="a > b">{{x}}</p>',
    ])
      expect(templateProblem(sound, 'html')).toBeUndefined();
  });

  it('never becomes markup, whatever it is and wherever a template may put it', () => {
    const templates = [
      '<p>{{x}}</p>',
      '<p title="{{x}}"></p>',
      "<p title='{{x}}'></p>",
      '<a href="{{x}}"></a>',
      '<a href="https://h/{{x}}?a={{x}}"></a>',
    ];
    const shape = (html: string): string => html.replace(/"[^"]*"|'[^']*'|>[^<]*</g, '');
    fc.assert(
      fc.property(fc.constantFrom(...templates), fc.string({ unit: 'binary' }), (template, x) => {
        expect(shape(renderHtml(template, { x }))).toBe(shape(renderHtml(template, { x: 'plain' })));
      }),
    );
  });

  it('is encoded in an address within plain text, and nowhere else in it', () => {
    const view = { x: 'a b&c', name: '花子' };
    expect(renderText('https://x.example/?q={{x}} {{x}} 「https://x.example/」{{name}}様', view)).toBe(
      'https://x.example/?q=a%20b%26c a b&c 「https://x.example/」花子様',
    );
  });
});

describe('the text made from a page', () => {
  it('leaves out styles and hidden lines and keeps the addresses of links', () => {
    const html =
      '<style>p{}</style><div style="display:none">hidden</div><h2>Sale</h2><p>One<br>two</p><ul><li>A</li></ul><a href="https://x.example/"><img src="https://x.example/a.png" alt="See"></a><img src="https://x.example/pixel.gif">';
    const parsed = message.parse({ subject: 's', html });
    expect(write(parsed, { email: 'a@b.jp', traits: {}, unsubscribeUrl: 'https://u.example/' }, undefined).text).toBe(
      'Sale\n\nOne\ntwo\n\n * A\n\nSee (https://x.example/)\n\n配信停止 / Unsubscribe (https://u.example/)\n',
    );
  });
});

describe('a preview', () => {
  it('shows subject, text and page, sends nothing, and its link unsubscribes nobody', async () => {
    await using mailing = await createMailing();
    const delivery = deliveryOf({ subject: '{{firstName}}様', text: undefined, mjml }, { firstName: '花子' });
    const preview = await mailing.destination.preview?.(delivery as never, createDesk());
    expect(preview?.parts.map(({ name, contentType }) => [name, contentType])).toEqual([
      ['subject', 'text/plain; charset=utf-8'],
      ['text', 'text/plain; charset=utf-8'],
      ['html', 'text/html; charset=utf-8'],
    ]);
    expect(preview?.parts[0]?.body).toBe('花子様');
    expect(preview?.parts[1]?.body).toContain('https://cdp.example/hooks/email/unsubscribe)');
    expect(preview?.parts[2]?.body).not.toContain('token=');
    expect(mailing.smtp.mails).toHaveLength(0);
  });
});
