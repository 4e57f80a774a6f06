import { expect, test } from 'vitest';
import { renderText } from './render-text.ts';

test.each([
  ['paragraphs and line breaks', '<h1>Hello</h1>\n<p>one<br>two</p><div>three</div>', 'Hello\n\none\ntwo\n\nthree'],
  ['entities and blanks', '<p>a&nbsp;b   &lt;c&gt; &amp;amp; &#128543;</p>', 'a b <c> &amp; 😟'],
  ['lists', '<ul><li>one<li>two</ul>', '- one\n- two'],
  ['quotations', '<p>yes</p><blockquote><p>would you?</p></blockquote>', 'yes\n\n> would you?'],
  ['tables', '<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\nc'],
  ['preformatted text', '<pre>a  b\n  c</pre>', 'a  b\n  c'],
  [
    'links',
    '<a href="https://x.example/p">click</a> <a href="https://y.example/">y.example</a>',
    'click (https://x.example/p) y.example',
  ],
  ['pictures', '<img src="https://x.example/a.png" alt="a cat">', 'a cat'],
  [
    'nothing of scripts, styles and titles',
    '<title>t</title><style>p{}</style><script>1<2</script><p>text</p>',
    'text',
  ],
  ['nothing where there is nothing', '<p> </p><br><img src=x>', ''],
])('%s', (_what, html, text) => {
  expect(renderText(html)).toBe(text);
});

test('blanks without end are no trouble', () => {
  const startedAt = performance.now();
  renderText(`<pre>${' '.repeat(400_000)}x${'\n'.repeat(400_000)}x</pre>`);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
