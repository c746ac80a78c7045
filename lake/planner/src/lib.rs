//! From the text of an expression to what evaluates it, by DataFusion's parser, planner and functions.
//!
//! Tables, files and sessions of the engine are not used, and so not built: they take ten times as long to compile. The planner
//! itself is compiled here, for our functions, without the optimiser: it plans once what `lake` evaluates on every row.
//!
//! **Invariant:** knows no dataset, and reads no row.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use datafusion_common::arrow::datatypes::DataType;
use datafusion_common::config::ConfigOptions;
use datafusion_common::{DFSchema, DataFusionError, TableReference, plan_err};
use datafusion_expr::execution_props::ExecutionProps;
use datafusion_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion_expr::planner::{ContextProvider, ExprPlanner};
use datafusion_expr::simplify::SimplifyContext;
use datafusion_expr::{AggregateUDF, Expr, HigherOrderUDF, ScalarUDF, TableSource, WindowUDF};
use datafusion_functions::core::planner::CoreFunctionPlanner;
use datafusion_functions::datetime::planner::DatetimeFunctionPlanner;
use datafusion_functions::unicode::planner::UnicodeFunctionPlanner;
use datafusion_functions_aggregate::planner::AggregateFunctionPlanner;
use datafusion_optimizer::simplify_expressions::ExprSimplifier;
use datafusion_physical_expr::{PhysicalExpr, create_physical_expr};
use datafusion_sql::parser::DFParserBuilder;
use datafusion_sql::planner::{PlannerContext, SqlToRel};

/// What expressions may call: the same for every dataset, and costly to gather.
static FUNCTIONS: LazyLock<Functions> = LazyLock::new(Functions::gather);

/// Functions by name, and how the parser's own forms become calls of them.
#[derive(Debug)]
struct Functions {
    scalar: BTreeMap<String, Arc<ScalarUDF>>,
    /// Known so that whoever writes one is told that it is more than one row's.
    aggregate: BTreeMap<String, Arc<AggregateUDF>>,
    planners: Vec<Arc<dyn ExprPlanner>>,
    options: Arc<ConfigOptions>,
}

impl Functions {
    fn gather() -> Self {
        let scalar = datafusion_functions::all_default_functions();
        let aggregate = datafusion_functions_aggregate::all_default_aggregate_functions();
        let mut options = ConfigOptions::new();
        // 0.5 in a plan folder is a half, not the nearest binary fraction.
        options.sql_parser.parse_float_as_decimal = true;
        Self {
            scalar: by_name(scalar, |it| (it.name(), it.aliases())),
            aggregate: by_name(aggregate, |it| (it.name(), it.aliases())),
            planners: vec![
                Arc::new(CoreFunctionPlanner::default()),
                Arc::new(DatetimeFunctionPlanner),
                Arc::new(UnicodeFunctionPlanner),
                Arc::new(AggregateFunctionPlanner),
            ],
            options: Arc::new(options),
        }
    }
}

/// Functions under their names and under those that they are also called by.
fn by_name<F>(
    functions: Vec<Arc<F>>,
    names: impl Fn(&F) -> (&str, &[String]),
) -> BTreeMap<String, Arc<F>> {
    let mut found = BTreeMap::new();
    for function in functions {
        let (name, also) = names(&function);
        for name in also.iter().map(String::as_str).chain([name]) {
            found.insert(name.to_owned(), Arc::clone(&function));
        }
    }
    found
}

/// Parses an expression over the columns of a schema.
pub fn parse(sql: &str, schema: &DFSchema) -> Result<Expr, DataFusionError> {
    let functions = &*FUNCTIONS;
    let options = &functions.options.sql_parser;
    let parsed = DFParserBuilder::new(sql)
        .with_recursion_limit(options.recursion_limit.get())
        .build()?
        .parse_into_expr()?;
    let planner = SqlToRel::new_with_options(functions, options.into());
    planner.sql_to_expr_with_alias(parsed, schema, &mut PlannerContext::new())
}

/// Makes an expression one that evaluates batches of a schema; values are brought to one type where they are compared.
pub fn plan(expression: Expr, schema: &DFSchema) -> Result<Arc<dyn PhysicalExpr>, DataFusionError> {
    let context = SimplifyContext::builder()
        .with_schema(Arc::new(schema.clone()))
        .with_config_options(Arc::clone(&FUNCTIONS.options))
        .build();
    let coerced = ExprSimplifier::new(context).coerce(expression, schema)?;
    let properties = ExecutionProps::new();
    create_physical_expr(&coerced, schema, &properties, &PhysicalPlanningContext::default())
}

impl ContextProvider for Functions {
    fn get_table_source(
        &self,
        name: TableReference,
    ) -> Result<Arc<dyn TableSource>, DataFusionError> {
        plan_err!("there is no table {name}: an expression is over the columns of one row")
    }

    fn get_expr_planners(&self) -> &[Arc<dyn ExprPlanner>] {
        &self.planners
    }

    fn get_function_meta(&self, name: &str) -> Option<Arc<ScalarUDF>> {
        self.scalar.get(name).cloned()
    }

    fn get_higher_order_meta(&self, _: &str) -> Option<Arc<HigherOrderUDF>> {
        None
    }

    fn get_aggregate_meta(&self, name: &str) -> Option<Arc<AggregateUDF>> {
        self.aggregate.get(name).cloned()
    }

    fn get_window_meta(&self, _: &str) -> Option<Arc<WindowUDF>> {
        None
    }

    fn get_variable_type(&self, _: &[String]) -> Option<DataType> {
        None
    }

    fn options(&self) -> &ConfigOptions {
        &self.options
    }

    fn udf_names(&self) -> Vec<String> {
        self.scalar.keys().cloned().collect()
    }

    fn higher_order_function_names(&self) -> Vec<String> {
        Vec::new()
    }

    fn udaf_names(&self) -> Vec<String> {
        self.aggregate.keys().cloned().collect()
    }

    fn udwf_names(&self) -> Vec<String> {
        Vec::new()
    }
}
