import {MAX_NAME, signName} from '../../../demo/web/sign_name.js';

describe('signName', () => {
  test.each([
    ['a plain name', 'heart', 'heart'],
    ['markup, which is text', '<b>heart</b>', '<b>heart</b>'],
    ['white space around', '  my heart \n', 'my heart'],
    ['control characters within', 'he\u0000ar\u0007t', 'heart'],
    ['marks that turn the text around them', '\u202eheart\u2066', 'heart'],
    ['letters that nobody sees', '\u200bheart\ufeff', 'heart'],
    ['letters of other scripts', 'قلب', 'قلب'],
    ['a name of nothing but such', '\u200e\u202e \t', ''],
  ])('gives %s as the page shows it', (_, text, shown) => {
    expect(signName(text)).toBe(shown);
  });

  test('gives one name for the same one in two Unicode forms', () => {
    expect(signName('cafe\u0301')).toBe(signName('caf\u00e9'));
  });

  test('cuts between characters: a flag, or a family, whole or not at all', () => {
    const family = '\u{1f469}\u200d\u{1f469}\u200d\u{1f467}';
    expect(signName(`123456789 ${family}`)).toBe('123456789');
    expect(signName(`12345678${family}9`)).toBe(`12345678${family}`);
    expect(signName('\u{1f1ee}\u{1f1f8}'.repeat(5))).toBe('\u{1f1ee}\u{1f1f8}'.repeat(4));
  });

  test('is not long, and is its own name', () => {
    const name = signName('abc '.repeat(2500));
    expect(name.length).toBeLessThanOrEqual(MAX_NAME);
    expect(signName(name)).toBe(name);
  });
});
