//! What differs between what runs and what should run, or between two targets: settings, SQL, and what the change
//! means for each route.
//!
//! [`Comparison`] is what came out. `live` compares with what runs, `against` two targets without asking any service;
//! [`meaning`] judges two INSERTs, and says only what [`implies`] proves. [`text`] shows the change of the SQL;
//! [`human`], [`json`] and [`markdown`] print everything. `plan` uses the same judgement for its replacements.
//!
//! A new word about a change is a field of [`Meaning`] with its line in `Meaning::words`.

pub mod against;
pub mod human;
pub mod implies;
pub mod json;
pub mod live;
pub mod markdown;
pub mod meaning;
mod summary;
#[cfg(test)]
mod tests;
pub mod text;

pub use live::Comparer;
pub use meaning::{Meaning, Rows};
pub use summary::Summary;
pub use text::Texts;

/// How a target differs from what it is compared with.
#[derive(Debug)]
pub struct Comparison {
    /// The target.
    pub target: String,
    /// What it is compared with.
    pub base: Base,
    /// Differences of the targets as a whole.
    pub settings: Vec<Setting>,
    /// One entry for each route of either side, by title.
    pub routes: Vec<RouteDiff>,
}

/// What a target is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    /// What runs on it.
    Live,
    /// What should run on another one.
    Target(String),
}

/// How a route differs, or one of its sinks where it has several.
#[derive(Debug)]
pub struct RouteDiff {
    /// The route's name, or its statement's where no route stands for that.
    pub route: String,
    /// What people call it.
    pub title: String,
    /// The topic that it writes, where a route says so.
    pub topic: Option<String>,
    /// The statement that it is compared with.
    pub statement: Option<String>,
    /// What has become of it.
    pub verdict: Verdict,
    /// Settings that differ.
    pub settings: Vec<Setting>,
    /// Its SQL before and after; `None` where that does not differ.
    pub texts: Option<Texts>,
}

/// What has become of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is new.
    New,
    /// No route stands for it any more.
    Gone,
    /// It is disabled, and still at work.
    Disabled,
    /// It means and says the same.
    Unchanged,
    /// It means the same; its comments differ.
    Cosmetic,
    /// It means the same; its layout or spelling differs.
    Rendering,
    /// It means something else.
    Changed(Meaning),
    /// The live SQL cannot be read, and why.
    Unreadable(String),
}

/// A setting that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// What it is about.
    pub name: String,
    /// What it was.
    pub old: Option<String>,
    /// What it is to be.
    pub new: Option<String>,
}

impl Setting {
    fn differing(name: &str, old: Option<&str>, new: Option<&str>) -> Option<Self> {
        (old != new).then(|| Self {
            name: name.to_owned(),
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
        })
    }

    /// What it was, in words.
    pub fn before(&self) -> &str {
        self.old.as_deref().unwrap_or("(none)")
    }

    /// What it is to be, in words.
    pub fn after(&self) -> &str {
        self.new.as_deref().unwrap_or("(none)")
    }
}

impl RouteDiff {
    /// Whether anything differs.
    pub fn is_difference(&self) -> bool {
        self.verdict != Verdict::Unchanged || !self.settings.is_empty()
    }

    /// What it may be called on the command line.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let statement = self.statement.as_deref();
        [self.route.as_str(), &self.title]
            .into_iter()
            .chain(statement)
    }

    fn is_called(&self, name: &str) -> bool {
        self.names().any(|own| own == name)
    }

    /// What has become of it, in the words that the documentation uses; never empty.
    pub fn words(&self) -> Vec<&'static str> {
        let mut words = match &self.verdict {
            Verdict::New => vec!["new"],
            Verdict::Gone => vec!["gone"],
            Verdict::Disabled => vec!["disabled"],
            Verdict::Unchanged => Vec::new(),
            Verdict::Cosmetic => vec!["cosmetic"],
            Verdict::Rendering => vec!["rendering"],
            Verdict::Changed(meaning) => meaning.words(),
            Verdict::Unreadable(_) => vec!["unreadable"],
        };
        if !self.settings.is_empty() {
            words.push("other settings");
        }
        if words.is_empty() {
            words.push("unchanged");
        }
        words
    }

    /// What that means, a sentence for each thing.
    pub fn explanations(&self) -> Vec<String> {
        match &self.verdict {
            Verdict::New => self.topic.iter().map(|it| format!("to `{it}`")).collect(),
            Verdict::Gone => vec![match &self.statement {
                Some(_) => "no route of this project has this id any more".to_owned(),
                None => "it does not run on this target".to_owned(),
            }],
            Verdict::Disabled => vec!["the route is disabled, its statement is at work".to_owned()],
            Verdict::Unchanged => Vec::new(),
            Verdict::Cosmetic => vec!["the same meaning with other comments".to_owned()],
            Verdict::Rendering => vec!["the same meaning in another layout or spelling".to_owned()],
            Verdict::Changed(meaning) => meaning.explanations(),
            Verdict::Unreadable(why) => {
                vec![format!("what the live SQL means cannot be read: {why}")]
            }
        }
    }
}

impl Comparison {
    /// The counts of the last line.
    pub fn summary(&self) -> Summary {
        Summary::of(self)
    }

    /// The routes that differ.
    pub fn differences(&self) -> impl Iterator<Item = &RouteDiff> {
        self.routes.iter().filter(|route| route.is_difference())
    }

    /// Leaves the routes that are called so: by name, title or live statement. All of them where nothing is named.
    pub fn select(&mut self, names: &[String]) {
        let is_meant = |route: &RouteDiff| names.iter().any(|name| route.is_called(name));
        self.routes
            .retain(|route| names.is_empty() || is_meant(route));
    }

    /// Whether anything differs.
    pub fn has_differences(&self) -> bool {
        !self.settings.is_empty() || self.differences().next().is_some()
    }

    /// Whether all of it could be read.
    pub fn is_readable(&self) -> bool {
        let mut routes = self.routes.iter();
        !routes.any(|route| matches!(route.verdict, Verdict::Unreadable(_)))
    }
}
