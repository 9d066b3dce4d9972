// Texts of the page are in one catalogue, so that each language is complete (docs/decisions/0030). `t` is called when something is
// rendered: while modules load, no language has been chosen.

const LITERAL = 'This text is not in the catalogue: use t() and add it to apps/web/src/i18n.';
const TOO_EARLY = 't() is called while this module loads, before a language is chosen: call it when rendering.';

/** Attributes that people read or hear. */
const READ = new Set([
  'alt',
  'aria-description',
  'aria-label',
  'aria-placeholder',
  'aria-roledescription',
  'aria-valuetext',
]);
const READ_PROPS = new Set(['hint', 'label', 'placeholder', 'title']);

/** A name that is the same in every language. */
const NAMES = new Set(['Cruddur', 'Cruddur Messages']);

/** @typedef {{ type: string, parent: Node, [key: string]: any }} Node */

/** @param {string} text */
const hasWords = (text) => /\p{L}{2}/u.test(text) && !NAMES.has(text.trim());

/**
 * The texts that an expression may be.
 *
 * @param {Node | null} node
 * @returns {Node[]}
 */
function textsOf(node) {
  if (node?.type === 'Literal') return typeof node.value === 'string' && hasWords(node.value) ? [node] : [];
  if (node?.type === 'TemplateLiteral')
    return node.quasis.some((/** @type {Node} */ each) => hasWords(each.value.raw)) ? [node] : [];
  if (node?.type === 'ConditionalExpression') return [...textsOf(node.consequent), ...textsOf(node.alternate)];
  if (node?.type === 'LogicalExpression') return [...textsOf(node.left), ...textsOf(node.right)];
  return [];
}

/** @param {Node} node */
function isInFunction(node) {
  let each = node.parent;
  while (each && !/Function/.test(each.type)) each = each.parent;
  return Boolean(each);
}

const rule = {
  meta: { type: 'problem' },
  /** @param {any} context */
  create(context) {
    const report = (/** @type {Node} */ node, message = LITERAL) => context.report({ node, message });
    return {
      /** @param {Node} node */
      JSXText(node) {
        if (hasWords(node.value)) report(node);
      },
      /** @param {Node} node */
      JSXAttribute({ name, value }) {
        if (!READ.has(name.name) && !READ_PROPS.has(name.name)) return;
        for (const text of textsOf(value?.type === 'JSXExpressionContainer' ? value.expression : value)) report(text);
      },
      /** @param {Node} node */
      JSXExpressionContainer({ parent, expression }) {
        if (parent.type === 'JSXAttribute') return;
        for (const text of textsOf(expression)) report(text);
      },
      /** @param {Node} node */
      CallExpression(node) {
        if (node.callee.name === 't' && !isInFunction(node)) report(node, TOO_EARLY);
      },
    };
  },
};

export default { meta: { name: 'cruddur-texts' }, rules: { 'texts-from-catalogue': rule } };
