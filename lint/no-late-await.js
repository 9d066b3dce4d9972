// A promise that is started, but awaited only after another one, may reject before anything listens to it. Depending on
// timing, the process or the test run then fails with an unhandled rejection. Await such promises together.

const MESSAGE =
  'This promise may reject while another one is awaited, before anything listens: use Promise.all, or start it where it is awaited.';

/** @typedef {{ type: string, range: [number, number], parent: Node, [key: string]: any }} Node */

/** @param {Node | null} node */
const bare = (node) => (node?.type === 'ChainExpression' ? node.expression : node);

/**
 * Whether an expression may start work and return its promise: a call, or a new promise that can reject.
 *
 * @param {Node | null} node
 */
function startsWork(node) {
  const inner = bare(node);
  if (inner?.type === 'NewExpression') return inner.callee.name === 'Promise' && inner.arguments[0]?.params?.length > 1;
  return inner?.type === 'CallExpression';
}

/**
 * Whether an expression is an array of promises of started work: an array of calls, or a `map` with an async function.
 *
 * @param {Node | null} node
 */
function startsMany(node) {
  if (node?.type === 'ArrayExpression') return node.elements.filter((each) => startsWork(each)).length > 1;
  if (node?.type !== 'CallExpression' || node.callee.property?.name !== 'map') return false;
  return node.arguments[0]?.async === true;
}

/**
 * Whether a use of a promise awaits it: `await promise`, or `expect(promise).rejects`.
 *
 * @param {Node} use
 */
function isAwaited({ parent }) {
  if (parent.type === 'AwaitExpression') return true;
  if (parent.type !== 'CallExpression' || parent.callee.name !== 'expect') return false;
  return ['rejects', 'resolves'].includes(parent.parent.property?.name);
}

/** @param {Node} node */
function functionOf(node) {
  let each = node.parent;
  while (each && !/Function|^Program$/.test(each.type)) each = each.parent;
  return each;
}

/** @param {Node} outer @param {Node} inner */
const contains = (outer, inner) => outer.range[0] <= inner.range[0] && inner.range[1] <= outer.range[1];

const rule = {
  meta: { type: 'problem' },
  /** @param {any} context */
  create(context) {
    /** @type {Node[]} */
    const awaits = [];
    /** @type {Node[]} */
    const declarations = [];
    /** @type {Node[]} */
    const loops = [];

    /** @param {Node} node @returns {Node[]} */
    const usesOf = (node) =>
      context.sourceCode
        .getDeclaredVariables(node)
        .flatMap((/** @type {any} */ variable) => variable.references)
        .filter((/** @type {any} */ reference) => !reference.init)
        .map((/** @type {any} */ reference) => reference.identifier)
        .sort((/** @type {Node} */ a, /** @type {Node} */ b) => a.range[0] - b.range[0]);

    /** @param {Node} declaration */
    function checkDeclaration(declaration) {
      const uses = usesOf(declaration);
      if (startsMany(declaration.init)) {
        const isTakenOut = uses.some(
          ({ parent }) => parent.type === 'MemberExpression' && parent.computed && isAwaited(parent),
        );
        if (isTakenOut) context.report({ node: declaration, message: MESSAGE });
        return;
      }
      const [first] = uses;
      if (!first || !startsWork(declaration.init) || !uses.some(isAwaited)) return;
      const home = functionOf(declaration);
      if (functionOf(first) !== home) return;
      const isLate = awaits.some(
        (each) =>
          each.range[0] > declaration.range[1] &&
          each.range[0] < first.range[0] &&
          !contains(each, first) &&
          functionOf(each) === home,
      );
      if (isLate) context.report({ node: declaration, message: MESSAGE });
    }

    /** @param {Node} loop */
    function checkLoop({ left, right }) {
      if (left.type !== 'VariableDeclaration' || !usesOf(left).some(isAwaited)) return;
      const source =
        right.type === 'Identifier'
          ? declarations.find(({ id }) => id.name === right.name && contains(functionOf(id), right))?.init
          : right;
      if (startsMany(source)) context.report({ node: right, message: MESSAGE });
    }

    return {
      /** @param {Node} node */
      AwaitExpression: (node) => void awaits.push(node),
      /** @param {Node} node */
      VariableDeclarator: (node) => void declarations.push(node),
      /** @param {Node} node */
      ForOfStatement: (node) => void (node.await || loops.push(node)),
      'Program:exit'() {
        declarations.filter(({ id }) => id.type === 'Identifier').forEach(checkDeclaration);
        loops.forEach(checkLoop);
      },
    };
  },
};

export default { meta: { name: 'cruddur' }, rules: { 'no-late-await': rule } };
