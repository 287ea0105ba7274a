//! Which statements a list request asks for, page by page.

use std::cmp::Reverse;
use std::collections::HashMap;

use data_encoding::BASE64URL_NOPAD;

use super::record::Record;
use super::refusal::Refusal;

const DEFAULT_PAGE_SIZE: usize = 10;
const LARGEST_PAGE_SIZE: usize = 100;

/// A request for one page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ListQuery {
    size: usize,
    /// Statements up to this one were on earlier pages.
    after: Option<Position>,
    labels: Vec<(String, String)>,
    compute_pool: Option<String>,
    order: Order,
}

/// In which order statements are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Order {
    Name,
    /// The newest first, and only those with this in their names.
    Time(Option<String>),
}

/// Where a statement is in the list: when it was created, which counts in the order of time alone, and its name.
type Position = (Reverse<i64>, String);

/// One page.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) records: Vec<Record>,
    /// The token of the next page.
    pub(super) next: Option<String>,
}

impl ListQuery {
    /// Reads the parameters; unknown ones are passed over, as the service does.
    pub(super) fn read(parameters: &HashMap<String, String>) -> Result<Self, Refusal> {
        let parameter = |name: &str| {
            parameters
                .get(name)
                .map(String::as_str)
                .filter(|text| !text.is_empty())
        };
        let size = parameter("page_size").map_or(Ok(DEFAULT_PAGE_SIZE), |text| {
            text.parse()
                .ok()
                .filter(|size| (1..=LARGEST_PAGE_SIZE).contains(size))
                .ok_or_else(|| {
                    Refusal::bad_request(format!("page_size must be from 1 to {LARGEST_PAGE_SIZE}"))
                })
        })?;
        let after = parameter("page_token")
            .map(|token| {
                position_of(token).ok_or_else(|| Refusal::bad_request("page_token is not valid"))
            })
            .transpose()?;
        let labels = parameter("label_selector").map_or(Ok(Vec::new()), read_selector)?;
        let compute_pool = parameter("spec.compute_pool_id").map(str::to_owned);
        // Without the order of time the service passes over the search.
        let order = match parameter("time_ordered") {
            Some("true") => {
                Order::Time(parameter("statement_name_search_query").map(str::to_owned))
            }
            _ => Order::Name,
        };
        Ok(Self {
            size,
            after,
            labels,
            compute_pool,
            order,
        })
    }

    /// The page of these records, and no more than so many on all pages together.
    pub(super) fn page(&self, records: Vec<&Record>, most: Option<usize>) -> Page {
        let mut matching: Vec<_> = records
            .into_iter()
            .filter(|record| self.matches(record))
            .map(|record| (self.position(record), record))
            .collect();
        matching.sort_by(|(left, _), (right, _)| left.cmp(right));
        matching.truncate(most.unwrap_or(usize::MAX));
        let mut rest = matching
            .into_iter()
            .filter(|(position, _)| self.after.as_ref().is_none_or(|after| position > after));
        let page: Vec<_> = rest.by_ref().take(self.size).collect();
        let next = rest.next().and(page.last());
        Page {
            next: next.map(|(position, _)| token_of(position)),
            records: page.into_iter().map(|(_, record)| record.clone()).collect(),
        }
    }

    fn position(&self, record: &Record) -> Position {
        let created = match self.order {
            Order::Name => 0,
            Order::Time(_) => record.created_at.as_millisecond(),
        };
        (Reverse(created), record.name.clone())
    }

    fn matches(&self, record: &Record) -> bool {
        let named = match &self.order {
            Order::Time(Some(part)) => record.name.contains(part),
            Order::Time(None) | Order::Name => true,
        };
        named
            && self
                .labels
                .iter()
                .all(|(key, value)| record.labels.get(key) == Some(value))
            && (self.compute_pool.is_none() || self.compute_pool == record.compute_pool)
    }
}

fn read_selector(text: &str) -> Result<Vec<(String, String)>, Refusal> {
    text.split(',')
        .map(|term| {
            term.split_once('=')
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .ok_or_else(|| {
                    Refusal::bad_request("label_selector must be like key=value,key=value")
                })
        })
        .collect()
}

/// A token is the last position of its page, so that deletions in between move nothing.
fn token_of((Reverse(created), name): &Position) -> String {
    BASE64URL_NOPAD.encode(format!("{created} {name}").as_bytes())
}

fn position_of(token: &str) -> Option<Position> {
    let text = String::from_utf8(BASE64URL_NOPAD.decode(token.as_bytes()).ok()?).ok()?;
    let (created, name) = text.split_once(' ')?;
    Some((Reverse(created.parse().ok()?), name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(parameters: &[(&str, &str)]) -> Result<ListQuery, Refusal> {
        ListQuery::read(
            &parameters
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn parameters_are_checked() {
        assert_eq!(read(&[]).unwrap().size, DEFAULT_PAGE_SIZE);
        assert_eq!(read(&[("page_size", "100")]).unwrap().size, 100);
        assert_eq!(
            read(&[("label_selector", "a=true,b=true")]).unwrap().labels,
            [
                ("a".to_owned(), "true".to_owned()),
                ("b".to_owned(), "true".to_owned())
            ]
        );
        for bad in [
            ("page_size", "0"),
            ("page_size", "101"),
            ("page_size", "ten"),
            ("page_token", "!"),
            ("label_selector", "a"),
        ] {
            assert_eq!(read(&[bad]).unwrap_err().status, 400, "{bad:?}");
        }
    }

    #[test]
    fn a_token_leads_back_to_its_position() {
        let position = (Reverse(-5), "a-0".to_owned());
        assert_eq!(position_of(&token_of(&position)), Some(position));
    }

    #[test]
    fn a_name_is_searched_for_in_the_order_of_time_alone() {
        let search = ("statement_name_search_query", "x");
        assert_eq!(read(&[search]).unwrap().order, Order::Name);
        let order = read(&[search, ("time_ordered", "true")]).unwrap().order;
        assert_eq!(order, Order::Time(Some("x".to_owned())));
    }
}
