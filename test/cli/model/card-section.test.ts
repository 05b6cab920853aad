import { expect, test } from 'vitest';
import { cardSection } from '../../../src/cli/model/card-section.ts';

const CARD = '# Name\n\nText.\n\n## Figures\n\nAP .292\n\n### By class\n\n| a |\n\n## Files\n\nnone\n';

test.each([
  { name: 'an empty card has none', card: '', heading: 'Figures', section: undefined },
  { name: 'a heading that is not there', card: CARD, heading: 'Figure', section: undefined },
  {
    name: 'one in the middle, with its own headings',
    card: CARD,
    heading: 'Figures',
    section: 'AP .292\n\n### By class\n\n| a |',
  },
  { name: 'the last one', card: CARD, heading: 'Files', section: 'none' },
  { name: 'line ends of Windows', card: '## Figures\r\n\r\nAP\r\n', heading: 'Figures', section: 'AP' },
])('the figures of a card are found: $name', ({ card, heading, section }) => {
  expect(cardSection(card, heading)).toBe(section);
});
