/** How common a name is only has to be believable here: a few are everywhere, most are rare. */
export interface Surname {
  readonly kanji: string;
  readonly kana: string;
  readonly romaji: string;
  readonly weight: number;
  /** The same name in other characters: people and clerks mix them freely. */
  readonly variants?: readonly string[];
}

export interface GivenName {
  readonly kanji: string;
  readonly kana: string;
  readonly romaji: string;
}

const surname = (text: string): Surname => {
  const [kanji = '', kana = '', romaji = '', weight = '1', variants = ''] = text.split(' ');
  return { kanji, kana, romaji, weight: Number(weight), ...(variants === '' ? {} : { variants: variants.split('/') }) };
};

const given = (text: string): GivenName => {
  const [kanji = '', kana = '', romaji = ''] = text.split(' ');
  return { kanji, kana, romaji };
};

export const surnames: readonly Surname[] = [
  '佐藤 サトウ sato 18',
  '鈴木 スズキ suzuki 17',
  '高橋 タカハシ takahashi 14 髙橋',
  '田中 タナカ tanaka 13',
  '伊藤 イトウ ito 11',
  '渡辺 ワタナベ watanabe 11 渡邊/渡邉/渡部',
  '山本 ヤマモト yamamoto 10',
  '中村 ナカムラ nakamura 10',
  '小林 コバヤシ kobayashi 10',
  '加藤 カトウ kato 9',
  '吉田 ヨシダ yoshida 8 𠮷田',
  '山田 ヤマダ yamada 8',
  '佐々木 ササキ sasaki 7 佐佐木',
  '山口 ヤマグチ yamaguchi 6',
  '松本 マツモト matsumoto 6',
  '井上 イノウエ inoue 6',
  '木村 キムラ kimura 6',
  '林 ハヤシ hayashi 5',
  '斎藤 サイトウ saito 5 斉藤/齋藤/齊藤',
  '清水 シミズ shimizu 5',
  '山崎 ヤマザキ yamazaki 5 山﨑',
  '森 モリ mori 5',
  '池田 イケダ ikeda 5',
  '橋本 ハシモト hashimoto 5',
  '阿部 アベ abe 5',
  '石川 イシカワ ishikawa 4',
  '山下 ヤマシタ yamashita 4',
  '中島 ナカジマ nakajima 4 中嶋/中嶌',
  '小川 オガワ ogawa 4',
  '前田 マエダ maeda 4',
  '岡田 オカダ okada 4',
  '長谷川 ハセガワ hasegawa 4',
  '藤田 フジタ fujita 4',
  '後藤 ゴトウ goto 4',
  '近藤 コンドウ kondo 4',
  '村上 ムラカミ murakami 3',
  '遠藤 エンドウ endo 3',
  '青木 アオキ aoki 3',
  '坂本 サカモト sakamoto 3',
  '福田 フクダ fukuda 3',
  '太田 オオタ ota 3 大田',
  '西村 ニシムラ nishimura 3',
  '藤井 フジイ fujii 3',
  '金子 カネコ kaneko 3',
  '岡本 オカモト okamoto 3',
  '三浦 ミウラ miura 3',
  '中野 ナカノ nakano 3',
  '原田 ハラダ harada 3',
  '松田 マツダ matsuda 3',
  '竹内 タケウチ takeuchi 3',
  '田村 タムラ tamura 3',
  '中山 ナカヤマ nakayama 2',
  '和田 ワダ wada 2',
  '石井 イシイ ishii 2',
  '上田 ウエダ ueda 2',
  '原 ハラ hara 2',
  '柴田 シバタ shibata 2',
  '酒井 サカイ sakai 2',
  '宮崎 ミヤザキ miyazaki 2 宮﨑',
  '横山 ヨコヤマ yokoyama 2',
  '高木 タカギ takagi 2 髙木',
  '浜田 ハマダ hamada 1 濱田/濵田',
  '島田 シマダ shimada 1 嶋田',
  '桜井 サクライ sakurai 1 櫻井',
  '広瀬 ヒロセ hirose 1 廣瀬',
  '沢田 サワダ sawada 1 澤田',
  '五十嵐 イガラシ igarashi 1',
  '大久保 オオクボ okubo 1',
].map(surname);

const women = [
  '陽子 ヨウコ yoko',
  '恵子 ケイコ keiko',
  '幸子 サチコ sachiko',
  '和子 カズコ kazuko',
  '裕子 ユウコ yuko',
  '由美子 ユミコ yumiko',
  '真由美 マユミ mayumi',
  '智子 トモコ tomoko',
  '久美子 クミコ kumiko',
  '美穂 ミホ miho',
  '香織 カオリ kaori',
  '愛 アイ ai',
  '恵 メグミ megumi',
  '麻衣 マイ mai',
  '彩 アヤ aya',
  '美咲 ミサキ misaki',
  '葵 アオイ aoi',
  '結衣 ユイ yui',
  '陽菜 ヒナ hina',
  '七海 ナナミ nanami',
  '花子 ハナコ hanako',
  'さくら サクラ sakura',
  '千尋 チヒロ chihiro',
  '直美 ナオミ naomi',
].map(given);

const men = [
  '誠 マコト makoto',
  '浩 ヒロシ hiroshi',
  '健一 ケンイチ kenichi',
  '隆 タカシ takashi',
  '修 オサム osamu',
  '茂 シゲル shigeru',
  '博之 ヒロユキ hiroyuki',
  '和也 カズヤ kazuya',
  '大輔 ダイスケ daisuke',
  '健太 ケンタ kenta',
  '翔太 ショウタ shota',
  '拓也 タクヤ takuya',
  '直樹 ナオキ naoki',
  '達也 タツヤ tatsuya',
  '亮 リョウ ryo',
  '蓮 レン ren',
  '悠斗 ユウト yuto',
  '大翔 ヒロト hiroto',
  '太郎 タロウ taro',
  '一郎 イチロウ ichiro',
  '正雄 マサオ masao',
  '学 マナブ manabu',
  '淳 ジュン jun',
  '航 ワタル wataru',
].map(given);

export const givenNames = { female: women, male: men } as const;
