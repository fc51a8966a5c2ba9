export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  /** Yen, tax included. */
  readonly price: number;
  readonly weight: number;
}

const product = (text: string): Product => {
  const [sku = '', name = '', category = '', price = '0', weight = '1'] = text.split(' ');
  return { sku, name, category, price: Number(price), weight: Number(weight) };
};

/** Clothes and things for the home. Codes 20 to 29 are in-store numbers that belong to no real article. */
export const products: readonly Product[] = [
  '2000000000015 コットンTシャツ 衣料 2490 9',
  '2000000000022 リネンシャツ 衣料 5990 6',
  '2000000000039 デニムパンツ 衣料 6990 5',
  '2000000000046 ウールニット 衣料 8990 4',
  '2000000000053 ダウンジャケット 衣料 19900 2',
  '2000000000060 レインコート 衣料 9900 2',
  '2000000000077 靴下3足組 衣料 990 12',
  '2000000000084 今治フェイスタオル 生活雑貨 1320 9',
  '2000000000091 ホーロー保存容器 生活雑貨 1650 6',
  '2000000000107 アロマディフューザー 生活雑貨 4990 3',
  '2000000000114 スニーカー 靴 7990 4',
  '2000000000121 レザーローファー 靴 14800 2',
  '2000000000138 トートバッグ 鞄 3980 5',
  '2000000000145 リュックサック 鞄 8800 3',
  '2000000000152 マグカップ 食器 880 7',
  '2000000000169 波佐見焼の飯碗 食器 1540 5',
  '2000000000176 煎茶ギフト 食品 2160 4',
  '2000000000183 和三盆クッキー 食品 1280 6',
  '2000000000190 オーガニック化粧水 化粧品 3300 5',
  '2000000000206 日焼け止め 化粧品 1480 5',
].map(product);
