import { column, moment, tableOptions } from '@enishi/plugin-sdk/files';
import { z } from 'zod';

export const customerOptions = z.object({
  ...tableOptions,
  shop: z.string().optional().describe('Name of the shop, where the workspace has more than one.'),
  asOf: moment
    .optional()
    .describe(
      'When the file was made, such as 2026-11-21. Rows are then the state of that day; otherwise they say what was known at registration.',
    ),
  customerId: column('customer_id', '会員ID', '顧客ID'),
  registeredAt: column('registered_at', '登録日', '会員登録日', '登録日時'),
  updatedAt: column('updated_at', '更新日', '更新日時'),
  member: column('member', '会員番号'),
  email: column('email', 'メールアドレス'),
  phone: column('phone', '電話番号'),
  lastName: column('last_name', '姓', 'お名前(姓)'),
  firstName: column('first_name', '名', 'お名前(名)'),
  lastNameKana: column('last_name_kana', 'セイ', '姓カナ', 'お名前(セイ)'),
  firstNameKana: column('first_name_kana', 'メイ', '名カナ', 'お名前(メイ)'),
  birthday: column('birthday', '生年月日', '誕生日'),
  gender: column('gender', '性別'),
  postalCode: column('postal_code', '郵便番号'),
  prefecture: column('prefecture', '都道府県', '都道府県(名称)'),
  city: column('city', '市区町村', '住所1'),
  street: column('street', '番地', '住所2'),
  country: column('country', '国'),
  points: column('points', 'ポイント', '保有ポイント'),
  totalSpent: column('total_spent', '購入金額合計', '累計購入金額'),
  emailOptIn: column('email_opt_in', 'メルマガ', 'メールマガジン').describe(
    'Column that says whether marketing mail may be sent: 1/0, yes/no, 希望する/希望しない.',
  ),
});

export type CustomerOptions = z.output<typeof customerOptions>;
