//! Which topics have their tables already, before anything is created.

use futures_util::StreamExt as _;
use futures_util::stream;

use super::{Asker, dry_run};
use crate::plan::decide::Topic;
use crate::plan::{Live, Selection, Topics};
use crate::statement::{Desired, DesiredRoute};

impl Asker<'_> {
    /// The topics of selected routes that are to run and have no statement. A route that has lost its statements must not begin
    /// anew in a topic that holds its events; of a topic that routes share this says nothing.
    ///
    /// A table whose task is still there is new: the run that made it has not come to its route.
    ///
    /// The service is asked which tables there are. Where that has no answer it is to check each INSERT, which it does not
    /// take without a table; what it says then of anything else leaves the question open.
    pub async fn topics(&self, live: &Live, selection: &Selection) -> Topics {
        let new = new_routes(self.desired, live, selection);
        if new.is_empty() {
            return Topics::default();
        }
        let topic = |route: &DesiredRoute| route.identity.topic.clone();
        let names = new.iter().map(|route| route.identity.topic.as_str());
        match self.tables(names).await {
            Ok(there) => {
                let state = |name: &str| match there.get(name) {
                    Some(_) => Topic::There,
                    None => Topic::Free,
                };
                let states = new.into_iter().map(topic);
                states.map(|name| (name.clone(), state(&name))).collect()
            }
            Err(why) => {
                let checks = new.into_iter().map(|route| async {
                    let found = dry_run::topic(self.client, self.desired, route).await;
                    let unknown = || Topic::Unknown(why.clone());
                    (topic(route), found.unwrap_or_else(unknown))
                });
                let checks = stream::iter(checks).buffer_unordered(self.parallelism.max(1));
                checks.collect().await
            }
        }
    }
}

fn new_routes<'d>(
    desired: &'d Desired,
    live: &Live,
    selection: &Selection,
) -> Vec<&'d DesiredRoute> {
    let is_under_way = |route: &DesiredRoute| {
        let table = desired.tables.get(&route.identity.topic);
        let mut tasks = live.tasks.iter();
        table.is_some_and(|table| tasks.any(|task| task.name == table.task.as_str()))
    };
    let is_new = |route: &&DesiredRoute| {
        let may_begin = route.enabled && !route.shared && !is_under_way(route);
        may_begin && selection.includes(route) && live.of(&route.ids()).is_empty()
    };
    desired.routes.values().filter(is_new).collect()
}
