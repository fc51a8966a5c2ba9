import type { Random } from './random.ts';

/** A town as the post office writes it. The area code is the one of its land lines. */
export interface Place {
  readonly postcode: string;
  readonly prefecture: string;
  readonly city: string;
  readonly town: string;
  readonly areaCode: string;
  readonly weight: number;
}

const place = (text: string): Place => {
  const [postcode = '', prefecture = '', city = '', town = '', areaCode = '', weight = '1'] = text.split(' ');
  return { postcode, prefecture, city, town, areaCode, weight: Number(weight) };
};

/** Where the customers of a retailer with stores in Tokyo, Yokohama, Nagoya, Osaka and Fukuoka live. */
export const places: readonly Place[] = [
  '150-0001 東京都 渋谷区 神宮前 03 5',
  '150-0042 東京都 渋谷区 宇田川町 03 3',
  '160-0022 東京都 新宿区 新宿 03 5',
  '154-0024 東京都 世田谷区 三軒茶屋 03 6',
  '158-0094 東京都 世田谷区 玉川 03 4',
  '180-0004 東京都 武蔵野市 吉祥寺本町 0422 4',
  '164-0001 東京都 中野区 中野 03 4',
  '171-0022 東京都 豊島区 南池袋 03 4',
  '135-0061 東京都 江東区 豊洲 03 4',
  '120-0034 東京都 足立区 千住 03 3',
  '192-0083 東京都 八王子市 旭町 042 3',
  '220-0011 神奈川県 横浜市西区 高島 045 5',
  '231-0023 神奈川県 横浜市中区 山下町 045 3',
  '210-0007 神奈川県 川崎市川崎区 駅前本町 044 3',
  '251-0025 神奈川県 藤沢市 鵠沼石上 0466 2',
  '330-0854 埼玉県 さいたま市大宮区 桜木町 048 4',
  '332-0017 埼玉県 川口市 栄町 048 2',
  '260-0013 千葉県 千葉市中央区 中央 043 3',
  '273-0005 千葉県 船橋市 本町 047 3',
  '460-0008 愛知県 名古屋市中区 栄 052 4',
  '450-0002 愛知県 名古屋市中村区 名駅 052 4',
  '440-0888 愛知県 豊橋市 駅前大通 0532 1',
  '530-0001 大阪府 大阪市北区 梅田 06 5',
  '542-0076 大阪府 大阪市中央区 難波 06 4',
  '560-0026 大阪府 豊中市 玉井町 06 2',
  '600-8001 京都府 京都市下京区 四条通 075 2',
  '650-0021 兵庫県 神戸市中央区 三宮町 078 3',
  '662-0971 兵庫県 西宮市 和上町 0798 1',
  '810-0001 福岡県 福岡市中央区 天神 092 4',
  '812-0011 福岡県 福岡市博多区 博多駅前 092 3',
  '980-0021 宮城県 仙台市青葉区 中央 022 2',
  '060-0001 北海道 札幌市中央区 北一条西 011 2',
  '730-0031 広島県 広島市中区 紙屋町 082 2',
  '420-0857 静岡県 静岡市葵区 御幸町 054 1',
  '380-0823 長野県 長野市 南千歳 026 1',
  '900-0015 沖縄県 那覇市 久茂地 098 1',
].map(place);

export const stores = [
  { code: 'S01', name: '渋谷店', weight: 6 },
  { code: 'S02', name: '横浜店', weight: 4 },
  { code: 'S03', name: '名古屋栄店', weight: 3 },
  { code: 'S04', name: '梅田店', weight: 4 },
  { code: 'S05', name: '天神店', weight: 2 },
] as const;

const buildings = ['コーポ青葉', 'サンハイツ', 'グリーンハイム', 'パークメゾン', 'メゾン桜', 'レジデンス緑'] as const;

export interface Address {
  readonly place: Place;
  readonly block: number;
  readonly lot: number;
  readonly house: number;
  readonly building?: { readonly name: string; readonly room: number };
}

export const makeAddress = (dice: Random): Address => ({
  place: dice.weighted(places),
  block: dice.between(1, 6),
  lot: dice.between(1, 28),
  house: dice.between(1, 18),
  ...(dice.chance(0.55) ? { building: { name: dice.pick(buildings), room: dice.between(1, 9) * 100 + dice.between(1, 6) } } : {}),
});
