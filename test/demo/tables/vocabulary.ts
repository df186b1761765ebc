export interface City {
  readonly name: string;
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly streets: readonly string[];
}

export interface Product {
  readonly sku: string;
  readonly title: string;
  /** In the order's currency, without tax. */
  readonly price: string;
}

export const FIRST_NAMES =
  'Amara Björn Chiara Dmitri Élodie Farid Grace Hiroshi Ingrid João Kwame Leïla Mateusz Noor Oksana Priya Quentin Rosa Søren Tomás Uma Viktor Wanjiru Xin Yusuf Zoë'.split(
    ' ',
  );

export const LAST_NAMES =
  'Andersson Bianchi Chen Dubois Eriksen Fernández García Haddad Ivanova Jansen Kowalski Lindqvist Müller Nakamura Okafor O’Brien Petrov Quispe Rossi Schneider Tanaka Umarov Varga Wójcik Yilmaz Zimmermann'.split(
    ' ',
  );

export const CITIES: readonly City[] = [
  {
    ...{ name: 'Wien', country: 'AT', latitude: 48.2082, longitude: 16.3738 },
    streets: ['Neubaugasse', 'Praterstraße', 'Gumpendorfer Straße'],
  },
  {
    ...{ name: 'København', country: 'DK', latitude: 55.6761, longitude: 12.5683 },
    streets: ['Jægersborggade', 'Vesterbrogade', 'Istedgade'],
  },
  {
    ...{ name: 'Lisboa', country: 'PT', latitude: 38.7223, longitude: -9.1393 },
    streets: ['Rua Augusta', 'Rua da Bica', 'Avenida da Liberdade'],
  },
  {
    ...{ name: '京都市', country: 'JP', latitude: 35.0116, longitude: 135.7681 },
    streets: ['河原町通', '寺町通', '烏丸通'],
  },
  {
    ...{ name: 'Montréal', country: 'CA', latitude: 45.5019, longitude: -73.5674 },
    streets: ['Rue Saint-Denis', 'Avenue du Parc', 'Rue Rachel'],
  },
  {
    ...{ name: 'Nairobi', country: 'KE', latitude: -1.2921, longitude: 36.8219 },
    streets: ['Moi Avenue', 'Ngong Road', 'Kenyatta Avenue'],
  },
];

export const INTERESTS = ['bouldering', 'coffee', 'cycling', 'hiking', 'photography', 'sailing'];

export const PRODUCTS: readonly Product[] = [
  { sku: 'TNT-2P-OLV', title: 'Two-person tent, olive', price: '329.00' },
  { sku: 'SLP-M7-REG', title: 'Sleeping bag −7 °C, regular', price: '189.50' },
  { sku: 'STV-TI-110', title: 'Titanium stove, 110 g', price: '54.90' },
  { sku: 'BTL-1L-STL', title: 'Steel bottle, 1 l', price: '27.95' },
  { sku: 'RPE-60-9.8', title: 'Climbing rope 60 m, 9.8 mm', price: '164.00' },
  { sku: 'LMP-400-RC', title: 'Headlamp 400 lm, rechargeable', price: '72.25' },
  { sku: 'SCK-MER-M', title: 'Merino socks, M', price: '19.90' },
];
