//! What is wanted: a project with a few routes, compiled as the commands do it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use camino::Utf8Path;
use routectl::check;
use routectl::diagnostic::Findings;
use routectl::source_text::Sources;
use routectl::sql::Templates;
use routectl::statement::{Desired, Placement, compile};
use routectl::workspace;

const PROJECT: &str = "project: shop
sources:
  orders:
    topic: raw-orders
    columns: {id: STRING, amount: BIGINT}
    event: {columns: true, schema: order.json}
    create: never
defaults: {source: orders, start: earliest}
targets:
  local: {backend: emulator}
lints: {no-key: allow}
";

const SCHEMA: &str = r#"{"type": "object", "properties": {"id": {"type": "string"}, "amount": {"type": "integer"}}}"#;

/// The topic that all routes read.
pub(super) const SOURCE: &str = "raw-orders";

/// The topic that routes write that share one.
pub(super) const SHARED: &str = "shared-orders";

/// A configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Config {
    routes: BTreeMap<&'static str, (u32, bool)>,
    pool: u32,
    is_shared: bool,
}

impl Config {
    /// One route with this content.
    pub(super) fn one(content: u32) -> Self {
        Self::default().with("r", content)
    }

    /// The same with a route of this content.
    pub(super) fn with(mut self, route: &'static str, content: u32) -> Self {
        self.routes.insert(route, (content, true));
        self
    }

    /// The same with this route disabled.
    pub(super) fn disabled(mut self, route: &'static str) -> Self {
        let (content, _) = self.routes[route];
        self.routes.insert(route, (content, false));
        self
    }

    /// The same without this route.
    pub(super) fn without(mut self, route: &'static str) -> Self {
        self.routes.remove(route);
        self
    }

    /// The same with one topic for all routes.
    pub(super) fn shared(self) -> Self {
        Self {
            is_shared: true,
            ..self
        }
    }

    /// The same in another compute pool.
    pub(super) fn in_pool(self, pool: u32) -> Self {
        Self { pool, ..self }
    }

    /// The same with the next compute pool.
    pub(super) fn in_next_pool(self) -> Self {
        let pool = self.pool + 1;
        self.in_pool(pool)
    }

    /// Whether the route is disabled.
    pub(super) fn is_disabled(&self, route: &str) -> bool {
        self.routes.get(route).is_some_and(|(_, enabled)| !enabled)
    }

    /// What the commands make of it.
    pub(super) fn desired(&self) -> Rc<Desired> {
        thread_local! {
            static KNOWN: RefCell<BTreeMap<Config, Rc<Desired>>> = const { RefCell::new(BTreeMap::new()) };
        }
        KNOWN.with_borrow_mut(|known| {
            let desired = known.entry(self.clone());
            Rc::clone(desired.or_insert_with(|| Rc::new(self.compile())))
        })
    }

    #[allow(clippy::disallowed_methods)]
    fn compile(&self) -> Desired {
        if self.routes.is_empty() {
            // No such project compiles; what is wanted of one is that nothing is there.
            let mut desired = Self::one(1).in_pool(self.pool).compile();
            desired.routes.clear();
            desired.tables.clear();
            return desired;
        }
        let directory = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(directory.path()).unwrap();
        std::fs::create_dir(root.join("routes")).unwrap();
        std::fs::write(root.join("routectl.yaml"), PROJECT).unwrap();
        std::fs::write(root.join("order.json"), SCHEMA).unwrap();
        for (route, (content, enabled)) in &self.routes {
            let to = if self.is_shared {
                format!("topic: {SHARED}, shared: true")
            } else {
                format!("topic: {route}-orders")
            };
            let text = format!(
                "route: {route}\nwhere: {{field: amount, greaterThan: {content}}}\nto: {{{to}}}\nenabled: {enabled}\n"
            );
            std::fs::write(root.join(format!("routes/{route}.yaml")), text).unwrap();
        }
        let placement = Placement {
            catalog: "env".to_owned(),
            database: "lkc".to_owned(),
            compute_pool: Some(format!("lfcp-{}", self.pool)),
            principal: None,
        };
        let (mut files, mut findings) = (Sources::default(), Findings::default());
        let workspace = workspace::load(root, "routectl.yaml", &mut files, &mut findings);
        let workspace = workspace.unwrap().unwrap();
        let project = &workspace.project;
        let target = project.target("local").unwrap();
        let routes = check::check(&workspace, &mut findings);
        let templates = Templates::load(&BTreeMap::new()).unwrap();
        let compiled =
            compile::compile(project, target, &routes, &files, &templates, &mut findings);
        assert!(!findings.has_errors());
        Desired::new("shop", "local", placement, compiled)
    }
}
