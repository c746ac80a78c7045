//! The words that an expression holds columns against.

use datafusion_common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion_expr::{Expr, Operator};

/// Every column with a word that it is compared with: of `grade IN ('G1', 'G2')` two pairs.
pub(super) fn compared(expression: &Expr) -> Vec<(String, String)> {
    let mut words = Vec::new();
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the planner's expressions are not ours to list; a new kind compares nothing we know of"
    )]
    let walked = expression.apply(|it| {
        match it {
            Expr::BinaryExpr(sides) if tells_apart(sides.op) => {
                words.extend(pair(&sides.left, &sides.right));
                words.extend(pair(&sides.right, &sides.left));
            }
            Expr::InList(list) => {
                words.extend(list.list.iter().filter_map(|it| pair(&list.expr, it)));
            }
            Expr::Case(case) => {
                let subject = case.expr.iter();
                let cases =
                    subject.flat_map(|it| case.when_then_expr.iter().map(move |when| (it, when)));
                words.extend(cases.filter_map(|(it, (when, _))| pair(it, when)));
            }
            _ => {}
        }
        Ok(TreeNodeRecursion::Continue)
    });
    walked.map(|_| words).unwrap_or_default()
}

fn tells_apart(operator: Operator) -> bool {
    matches!(
        operator,
        Operator::Eq | Operator::NotEq | Operator::IsDistinctFrom | Operator::IsNotDistinctFrom
    )
}

fn pair(column: &Expr, word: &Expr) -> Option<(String, String)> {
    let (Expr::Column(column), Expr::Literal(word, _)) = (column, word) else { return None };
    Some((column.name.clone(), word.try_as_str()??.to_owned()))
}
